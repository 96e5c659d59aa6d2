-- How much pairs of actors agreed within windows of time: on the topics on which both said within
-- the window where they stand, by the last that either said. Mixed positions are left out. Of one
-- actor that is named all pairs are told, of several those among them.
-- builds on: matrix
spoken as (
  select c.at_day, c.topic, c.lane, c.stance
  from cells as c
  join asked_days as d on d.day = c.at_day
  where c.day > d.begins and c.stance <> 9
),
pairs as (
  select
    a.at_day, a.lane as one, b.lane as other, a.stance as stance_of_one, b.stance as stance_of_other
  from spoken as a
  join spoken as b on b.at_day = a.at_day and b.topic = a.topic and b.lane > a.lane
  left join chosen as x on x.actor = a.lane
  left join chosen as y on y.actor = b.lane
  cross join (select count(*) as many from asked_actors) as m
  where (x.actor is not null and y.actor is not null)
    or (m.many = 1 and (x.actor is not null or y.actor is not null))
),
compared as (
  select
    at_day, one, other, count(*) as topics,
    sum(case when stance_of_one = stance_of_other then 1 else 0 end) as same,
    sum(case when stance_of_one * stance_of_other < 0 then 1 else 0 end) as opposite,
    sum(abs(stance_of_one - stance_of_other)) as apart
  from pairs
  group by at_day, one, other
),
named as (
  select
    c.at_day, least(a.slug, b.slug) as one, greatest(a.slug, b.slug) as other, c.topics, c.same,
    c.opposite, cast(c.same as double) / c.topics as agreement,
    cast(c.apart as double) / c.topics as distance
  from compared as c
  join actors as a on a.actor = c.one
  join actors as b on b.actor = c.other
)
select n.*
from named as n
order by n.one, n.other, n.at_day
