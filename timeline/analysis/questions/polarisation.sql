-- How far apart actors stood on each topic at the end of each of several days. A mixed position is
-- counted apart. The measure is the variance of the stances in parts of the greatest that there can
-- be: 0 where all say the same, 1 where half stands at either end.
-- builds on: matrix
sided as (
  select
    c.at_day, c.topic,
    case when c.stance <> 9 then cast(c.stance as double) end as stance,
    case when c.stance = 9 then 1 else 0 end as mixed,
    case when c.stance > 0 and c.stance <> 9 then 1 else 0 end as above,
    case when c.stance = 0 then 1 else 0 end as middle,
    case when c.stance < 0 then 1 else 0 end as below
  from cells as c
  join chosen as h on h.actor = c.lane
  left join folded as f on f.topic = c.topic and f.lane = c.lane
  where f.lane is null
),
gathered as (
  select
    at_day, topic, count(*) as actors, sum(mixed) as mixed, sum(above) as above,
    sum(middle) as middle, sum(below) as below, avg(stance) as mean,
    avg(stance * stance) as mean_square
  from sided
  group by at_day, topic
)
select
  t.slug as topic, g.at_day, g.actors, g.above, g.middle, g.below, g.mixed, g.mean,
  (g.mean_square - g.mean * g.mean) / 4 as polarisation
from gathered as g
join topics as t on t.topic = g.topic
order by t.slug, g.at_day
