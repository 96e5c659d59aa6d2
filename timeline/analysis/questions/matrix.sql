-- Where each actor stood at the end of each of several days.
-- builds on: spans
standing_spans as (
  select
    s.topic, s.lane, s.moment as begins,
    lead(s.moment) over (partition by s.topic, s.lane order by s.moment) as ends,
    s.rank, s.day, s.stance, case when v.topic is null then 0 else 1 end as has_values
  from standings as s
  left join counted_having as v
    on v.topic = s.topic and v.lane = s.lane and v.rank = s.rank and v.day = s.day
    and v.begins = s.begins
  union all
  select
    s.topic, s.actor as lane, s.from_day as begins, s.until_day as ends, 0 as rank,
    s.day, s.stance, case when v.id is null then 0 else 1 end as has_values
  from stands as s
  join asked as q on q.known_at = s.known_at
  join asked_about as t on t.topic = s.topic
  left join found_having as v on v.id = s.id
),
cells as (
  select d.day as at_day, s.topic, s.lane, s.stance, s.rank, s.day
  from asked_days as d
  join standing_spans as s on s.begins <= d.day and d.day < coalesce(s.ends, d.day + 1)
  cross join variables_asked as n
  where s.stance is not null and (n.many = 0 or s.has_values = 1)
)
select t.slug as topic, a.slug as actor, t.scale, c.at_day, c.stance, c.rank, c.day
from cells as c
join topics as t on t.topic = c.topic
join actors as a on a.actor = c.lane
join chosen as h on h.actor = c.lane
left join folded as f on f.topic = c.topic and f.lane = c.lane
where f.lane is null
order by t.slug, a.slug, c.at_day
