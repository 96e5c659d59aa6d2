-- Where each actor voted from which day on: the days whose standing differs from the one before.
-- builds on: said
coming as (
  select
    s.topic, s.lane, s.number, s.speaker, s.wording, s.known_from, s.rank, s.joint, s.timed, s.day,
    s.counts_from, s.stance, k.last_day
  from said as s
  left join taken as k on k.topic = s.topic and k.lane = s.lane and k.target = s.number
  left join rule_found as x on x.topic = s.topic
  where s.retracted = 0 and s.stance is not null and (k.last_day is null or s.day < k.last_day)
    and x.topic is null
),
-- What was said on one day in one rank says the same ever after, unless some of it is taken back:
-- then it falls into phases, each with the words that were left.
bounds as (
  select topic, lane, rank, day, day as begins from coming where last_day is not null
  union
  select topic, lane, rank, day, last_day as begins from coming where last_day is not null
),
bounded as (
  select
    topic, lane, rank, day, begins,
    lead(begins) over (partition by topic, lane, rank, day order by begins) as ends
  from bounds
),
phased as (
  select
    c.topic, c.lane, c.number, c.speaker, c.wording, c.known_from, c.rank, c.joint, c.timed, c.day,
    c.counts_from, c.stance, coalesce(b.begins, c.day) as begins, b.ends,
    case when b.begins is null then 0 else 1 end as touched
  from coming as c
  left join bounded as b
    on b.topic = c.topic and b.lane = c.lane and b.rank = c.rank and b.day = c.day
  where c.last_day is null or b.begins < c.last_day
),
-- Of one day and rank: own words before joint ones; of those with a time of day the latest. Most
-- days have neither, and all of their words count.
chosen_from as (
  select distinct topic, lane, rank, day, begins
  from phased
  where timed = 1 or joint = 1
),
clocked as (
  select
    p.*,
    min(p.joint) over (partition by p.topic, p.lane, p.rank, p.day, p.begins) as least_joint,
    max(case when p.timed = 1 and p.joint = 0 then p.counts_from end)
      over (partition by p.topic, p.lane, p.rank, p.day, p.begins) as latest_own,
    max(case when p.timed = 1 and p.joint = 1 then p.counts_from end)
      over (partition by p.topic, p.lane, p.rank, p.day, p.begins) as latest_joint
  from phased as p
  join chosen_from as f
    on f.topic = p.topic and f.lane = p.lane and f.rank = p.rank and f.day = p.day
    and f.begins = p.begins
),
counted as (
  select
    p.topic, p.lane, p.rank, p.day, p.begins, p.ends, p.touched, p.number, p.speaker, p.wording,
    p.known_from, p.counts_from, p.stance
  from phased as p
  left join chosen_from as f
    on f.topic = p.topic and f.lane = p.lane and f.rank = p.rank and f.day = p.day
    and f.begins = p.begins
  where f.topic is null
  union all
  select
    topic, lane, rank, day, begins, ends, touched, number, speaker, wording, known_from,
    counts_from, stance
  from clocked
  where joint = least_joint
    and (
      timed = 0
      or counts_from = case when least_joint = 0 then latest_own else latest_joint end
    )
),
phases as (
  select
    topic, lane, rank, day, begins, min(ends) as ends, max(touched) as touched,
    case when min(stance) = max(stance) then min(stance) else 9 end as stance,
    min(stance) as lowest, max(stance) as highest, max(counts_from) as counts_from,
    max(known_from) as known_from, count(*) as statements
  from counted
  group by topic, lane, rank, day, begins
),
-- The highest rank so far holds the position, by its latest day.
ranked as (
  select p.*, min(p.rank) over (partition by p.topic, p.lane order by p.day) as least_rank
  from phases as p
  where p.touched = 0
),
holders as (
  select topic, lane, rank, day, begins
  from ranked
  where rank = least_rank
),
touched_lanes as (
  select distinct topic, lane from phases where touched = 1
),
-- Where words were taken back: at each day on which it may have moved, whoever holds it then.
moments as (
  select topic, lane, begins as moment from phases where touched = 1
  union
  select topic, lane, ends as moment from phases where touched = 1 and ends is not null
  union
  select h.topic, h.lane, h.day as moment
  from holders as h
  join touched_lanes as t on t.topic = h.topic and t.lane = h.lane
),
lasting as (
  select
    m.topic, m.lane, m.moment,
    max(h.day) over (partition by m.topic, m.lane order by m.moment) as day
  from moments as m
  left join holders as h on h.topic = m.topic and h.lane = m.lane and h.day = m.moment
),
contenders as (
  select l.topic, l.lane, l.moment, h.rank, h.day, h.begins
  from lasting as l
  join holders as h on h.topic = l.topic and h.lane = l.lane and h.day = l.day
  union all
  select m.topic, m.lane, m.moment, p.rank, p.day, p.begins
  from moments as m
  join phases as p
    on p.topic = m.topic and p.lane = m.lane and p.begins <= m.moment
    and m.moment < coalesce(p.ends, m.moment + 1)
  where p.touched = 1
),
placed_contenders as (
  select
    c.*,
    row_number() over (partition by c.topic, c.lane, c.moment order by c.rank, c.day desc) as place
  from contenders as c
),
proofs as (
  select c.topic, c.lane, c.rank, c.day, c.begins, array_sort(array_agg(c.number)) as proof
  from counted as c
  join touched_lanes as t on t.topic = c.topic and t.lane = c.lane
  group by c.topic, c.lane, c.rank, c.day, c.begins
),
watched as (
  select
    m.topic, m.lane, m.moment, c.rank, c.day, c.begins, p.proof,
    lag(p.proof) over (partition by m.topic, m.lane order by m.moment) as proof_before
  from moments as m
  left join placed_contenders as c
    on c.topic = m.topic and c.lane = m.lane and c.moment = m.moment and c.place = 1
  left join proofs as p
    on p.topic = c.topic and p.lane = c.lane and p.rank = c.rank and p.day = c.day
    and p.begins = c.begins
),
standings as (
  select
    p.topic, p.lane, p.day as moment, p.rank, p.day, p.begins, p.stance, p.lowest, p.highest,
    p.counts_from, p.known_from, p.statements, 0 as touched
  from ranked as p
  left join touched_lanes as t on t.topic = p.topic and t.lane = p.lane
  where p.rank = p.least_rank and t.lane is null
  union all
  select
    w.topic, w.lane, w.moment, w.rank, w.day, w.begins, p.stance, p.lowest, p.highest,
    p.counts_from, p.known_from, p.statements, 1 as touched
  from watched as w
  left join phases as p
    on p.topic = w.topic and p.lane = w.lane and p.rank = w.rank and p.day = w.day
    and p.begins = w.begins
  where w.proof is distinct from w.proof_before
),
counted_having as (
  select distinct c.topic, c.lane, c.rank, c.day, c.begins
  from counted as c
  join having_values as h on h.number = c.number
)
