-- Where each actor stood on each topic, and which statements prove it.
-- builds on: said
candidates as (
  select s.topic, s.lane, s.number, s.rank, s.joint, s.timed, s.day, s.counts_from, s.stance
  from said as s
  left join taken as k on k.topic = s.topic and k.lane = s.lane and k.target = s.number
  left join rule_found as x on x.topic = s.topic
  where s.retracted = 0 and s.stance is not null and k.target is null and x.topic is null
),
-- Of one day and rank: own words before joint ones; of those with a time of day the latest.
own as (
  select c.*, min(c.joint) over (partition by c.topic, c.lane, c.rank, c.day) as least_joint
  from candidates as c
),
clocked as (
  select
    o.*,
    max(case when o.timed = 1 then o.counts_from end)
      over (partition by o.topic, o.lane, o.rank, o.day) as latest
  from own as o
  where o.joint = o.least_joint
),
counted as (
  select topic, lane, rank, day, number, counts_from, stance
  from clocked
  where timed = 0 or counts_from = latest
),
days as (
  select
    topic, lane, rank, day, count(*) as statements, min(stance) as lowest, max(stance) as highest,
    max(counts_from) as held,
    case when min(stance) = max(stance) then min(stance) else 9 end as stance
  from counted
  group by topic, lane, rank, day
),
-- The highest rank holds the position, by its latest day.
best as (
  select topic, lane, min(rank) as rank
  from days
  group by topic, lane
),
holding as (
  select d.*, max(d.day) over (partition by d.topic, d.lane) as last_day
  from days as d
  join best as b on b.topic = d.topic and b.lane = d.lane and b.rank = d.rank
),
standing as (
  select topic, lane, rank, day, lowest, highest, held, stance
  from holding
  where day = last_day
),
-- The run: the days back from the latest on which words of that rank said the same.
broken as (
  select h.topic, h.lane, max(h.day) as day
  from holding as h
  join standing as s on s.topic = h.topic and s.lane = h.lane
  where h.stance <> s.stance
  group by h.topic, h.lane
),
runs as (
  select h.topic, h.lane, min(h.day) as first_day, sum(h.statements) as statements
  from holding as h
  left join broken as b on b.topic = h.topic and b.lane = h.lane
  where b.day is null or h.day > b.day
  group by h.topic, h.lane
),
proof as (
  select
    s.topic, s.lane, array_sort(array_agg((c.counts_from, c.number))) as counted
  from standing as s
  join counted as c
    on c.topic = s.topic and c.lane = s.lane and c.rank = s.rank and c.day = s.day
  group by s.topic, s.lane
),
opening as (
  select
    s.topic, s.lane, array_sort(array_agg((c.counts_from, c.number))) as opened
  from standing as s
  join runs as r on r.topic = s.topic and r.lane = s.lane
  join counted as c
    on c.topic = s.topic and c.lane = s.lane and c.rank = s.rank and c.day = r.first_day
  group by s.topic, s.lane
),
-- Beside it: what words of a lower rank say on their own latest day, later than those that hold it.
lower_days as (
  select d.topic, d.lane, d.rank, max(d.day) as day
  from days as d
  join best as b on b.topic = d.topic and b.lane = d.lane
  where d.rank > b.rank
  group by d.topic, d.lane, d.rank
),
later as (
  select
    c.topic, c.lane, c.rank, c.number, c.joint, c.timed, c.counts_from, c.stance,
    min(c.joint) over (partition by c.topic, c.lane, c.rank) as least_joint
  from candidates as c
  join lower_days as d
    on d.topic = c.topic and d.lane = c.lane and d.rank = c.rank and d.day = c.day
  join standing as s on s.topic = c.topic and s.lane = c.lane
  where c.counts_from > s.held
),
later_clocked as (
  select
    l.*,
    max(case when l.timed = 1 then l.counts_from end)
      over (partition by l.topic, l.lane, l.rank) as latest
  from later as l
  where l.joint = l.least_joint
),
later_ranks as (
  select
    topic, lane, rank,
    case when min(stance) = max(stance) then min(stance) else 9 end as stance,
    array_sort(array_agg((counts_from, number))) as counted,
    min(rank) over (partition by topic, lane) as highest_rank
  from later_clocked
  where timed = 0 or counts_from = latest
  group by topic, lane, rank
),
beside as (
  select topic, lane, rank, stance, counted
  from later_ranks
  where rank = highest_rank
),
standing_having as (
  select distinct s.topic, s.lane
  from standing as s
  join counted as c
    on c.topic = s.topic and c.lane = s.lane and c.rank = s.rank and c.day = s.day
  join having_values as h on h.number = c.number
),
voted as (
  select
    s.topic, s.lane, s.stance, s.rank, s.lowest, s.highest, p.counted, o.opened, r.statements,
    s.lane as held_by, b.stance as reported_stance, b.rank as reported_rank, b.counted as reported
  from standing as s
  join proof as p on p.topic = s.topic and p.lane = s.lane
  join opening as o on o.topic = s.topic and o.lane = s.lane
  join runs as r on r.topic = s.topic and r.lane = s.lane
  left join beside as b on b.topic = s.topic and b.lane = s.lane
  left join standing_having as v on v.topic = s.topic and v.lane = s.lane
  cross join variables_asked as n
  where n.many = 0 or v.topic is not null
),
-- What the rule found, as of the end of a day. What others say of somebody holds no position.
found as (
  select s.id, s.topic, s.actor as lane, s.stance, s.lowest, s.highest, s.statements, s.held_by
  from stands as s
  join asked as q on q.known_at = s.known_at
  join asked_about as t on t.topic = s.topic
  left join found_having as v on v.id = s.id
  cross join variables_asked as n
  where (n.many = 0 or v.id is not null) and s.from_day * 86400 + 86399 <= q.as_of
    and (s.until_day is null or q.as_of < s.until_day * 86400 + 86399)
),
found_proofs as (
  select p.id, p.what, array_sort(array_agg((p.counts_from, p.number))) as numbers
  from (select known_at, id, what, place as counts_from, number from found_words) as p
  join asked as q on q.known_at = p.known_at
  where p.what in ('counted', 'opened')
  group by p.id, p.what
),
answered as (
  select
    topic, lane, stance, rank, lowest, highest, counted, opened, statements, held_by,
    reported_stance, reported_rank, reported
  from voted
  union all
  select
    f.topic, f.lane, f.stance, 0 as rank, f.lowest, f.highest, c.numbers as counted,
    o.numbers as opened, f.statements, f.held_by, null as reported_stance, null as reported_rank,
    null as reported
  from found as f
  join found_proofs as c on c.id = f.id and c.what = 'counted'
  join found_proofs as o on o.id = f.id and o.what = 'opened'
)
select
  t.slug as topic, a.slug as actor, t.scale, s.stance, s.rank,
  case when s.stance = 9 then s.lowest end as lowest,
  case when s.stance = 9 then s.highest end as highest,
  s.counted, s.opened, s.statements, b.slug as held_by,
  s.reported_stance, s.reported_rank, s.reported
from answered as s
join topics as t on t.topic = s.topic
join actors as a on a.actor = s.lane
left join actors as b on b.actor = s.held_by
join chosen as h on h.actor = s.lane
left join folded as f on f.topic = s.topic and f.lane = s.lane
where f.lane is null
order by t.slug, a.slug
