-- Who shares positions with whom, and who stands against whom, as discourse network analysis counts
-- it: of two actors, the products of their numbers of statements on a topic, of the same or of
-- opposite sign, summed over the topics. A statement counts for whom it was made, else for whoever
-- made it; one in the middle, without a position, retracted, or in the words of others counts for
-- nobody. Of one actor that is named all ties are told, of several those among them.
-- builds on: said
made_for as (
  select
    s.topic, s.lane, s.number, s.stance, s.day, s.rank, s.retracted,
    max(case when s.lane <> s.speaker then 1 else 0 end)
      over (partition by s.topic, s.number) as is_for_another,
    case when s.lane <> s.speaker then 1 else 0 end as is_other
  from said as s
),
sides as (
  select
    m.topic, m.lane,
    sum(case when m.stance > 0 then 1 else 0 end) as above,
    sum(case when m.stance < 0 then 1 else 0 end) as below
  from made_for as m
  cross join asked_period as p
  cross join variables_asked as n
  left join having_values as h on h.number = m.number
  where (n.many = 0 or h.number is not null) and m.is_for_another = m.is_other and m.retracted = 0 and m.rank = 0 and m.stance <> 0
    and m.day >= p.first_day and m.day <= p.last_day
  group by m.topic, m.lane
),
edges as (
  select
    a.lane as one, b.lane as other, count(*) as topics,
    sum(a.above * b.above + a.below * b.below) as congruence,
    sum(a.above * b.below + a.below * b.above) as conflict
  from sides as a
  join sides as b on b.topic = a.topic and b.lane > a.lane
  left join chosen as x on x.actor = a.lane
  left join chosen as y on y.actor = b.lane
  cross join (select count(*) as many from asked_actors) as m
  where (x.actor is not null and y.actor is not null)
    or (m.many = 1 and (x.actor is not null or y.actor is not null))
  group by a.lane, b.lane
)
select
  least(a.slug, b.slug) as one, greatest(a.slug, b.slug) as other, e.topics, e.congruence,
  e.conflict, e.congruence - e.conflict as difference
from edges as e
join actors as a on a.actor = e.one
join actors as b on b.actor = e.other
order by 1, 2
