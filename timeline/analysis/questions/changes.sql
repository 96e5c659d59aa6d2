-- When each actor moved on each topic, and which statements prove either side.
-- builds on: spans
sequence as (
  select
    s.*,
    lag(s.moment) over (partition by s.topic, s.lane order by s.moment) as moment_before,
    lag(s.rank) over (partition by s.topic, s.lane order by s.moment) as rank_before,
    lag(s.day) over (partition by s.topic, s.lane order by s.moment) as day_before,
    lag(s.begins) over (partition by s.topic, s.lane order by s.moment) as begins_before,
    lag(s.stance) over (partition by s.topic, s.lane order by s.moment) as stance_before,
    lag(s.known_from) over (partition by s.topic, s.lane order by s.moment) as known_before
  from standings as s
),
-- The walk-backs without which the position before would still stand.
ending as (
  select
    s.topic, s.lane, s.moment, c.number as ended, k.number, k.counts_from, k.rank, k.speaker,
    k.wording, k.known_from
  from sequence as s
  join counted as c
    on c.topic = s.topic and c.lane = s.lane and c.rank = s.rank_before and c.day = s.day_before
    and c.begins = s.begins_before
  join takings as k
    on k.topic = c.topic and k.lane = c.lane and k.target = c.number and k.day = s.moment
  where s.touched = 1
    and (
      s.rank is null or s.rank > s.rank_before
      or (s.rank = s.rank_before and s.day <= s.day_before)
    )
),
ended_first as (
  select topic, lane, moment, ended, min(known_from) as known_from
  from ending
  group by topic, lane, moment, ended
),
ended_known as (
  select topic, lane, moment, max(known_from) as known_from
  from ended_first
  group by topic, lane, moment
),
-- The place may be null like those of the words that the rule found: Sail unites no others.
ended_words as (
  select distinct
    topic, lane, moment, number, cast(nullif(0, 1) as bigint) as place, counts_from, rank, speaker,
    wording
  from ending
),
ended_all as (
  select
    topic, lane, moment, max(counts_from) as counts_from, min(rank) as rank,
    array_sort(array_agg((place, number))) as numbers
  from ended_words
  group by topic, lane, moment
),
moved as (
  select *
  from sequence
  where stance is distinct from stance_before
),
side_words as (
  select
    m.topic, m.lane, m.moment, 0 as side, c.counts_from as place, c.number, c.speaker, c.wording
  from moved as m
  join counted as c
    on c.topic = m.topic and c.lane = m.lane and c.rank = m.rank_before and c.day = m.day_before
    and c.begins = m.begins_before
  union all
  select
    m.topic, m.lane, m.moment, 0 as side, 0 as place, e.number, e.speaker, e.wording
  from moved as m
  join ended_words as e
    on e.topic = m.topic and e.lane = m.lane and e.moment = m.moment_before
  where m.rank_before is null
  union all
  select
    m.topic, m.lane, m.moment, 1 as side, c.counts_from as place, c.number, c.speaker, c.wording
  from moved as m
  join counted as c
    on c.topic = m.topic and c.lane = m.lane and c.rank = m.rank and c.day = m.day
    and c.begins = m.begins
  union all
  select
    m.topic, m.lane, m.moment, 1 as side, 0 as place, e.number, e.speaker, e.wording
  from moved as m
  join ended_words as e on e.topic = m.topic and e.lane = m.lane and e.moment = m.moment
  where m.rank is null
),
changed_having as (
  select distinct w.topic, w.lane, w.moment
  from side_words as w
  join having_values as h on h.number = w.number
  where w.side = 1
),
sides as (
  select
    topic, lane, moment, side, array_sort(array_agg((place, number))) as numbers,
    min(speaker) as first_speaker, max(speaker) as last_speaker,
    min(wording) as first_wording, max(wording) as last_wording
  from side_words
  group by topic, lane, moment, side
),
-- Where a side has one speaker and one wording, as most have, they are compared as they are.
varied as (
  select b.topic, b.lane, b.moment
  from sides as b
  join sides as a on a.topic = b.topic and a.lane = b.lane and a.moment = b.moment
  where b.side = 0 and a.side = 1
    and (
      b.first_speaker <> b.last_speaker or a.first_speaker <> a.last_speaker
      or b.first_wording <> b.last_wording or a.first_wording <> a.last_wording
    )
),
varied_words as (
  select w.topic, w.lane, w.moment, w.side, w.speaker, w.wording
  from side_words as w
  join varied as v on v.topic = w.topic and v.lane = w.lane and v.moment = w.moment
),
strangers as (
  select a.topic, a.lane, a.moment, max(case when b.speaker is null then 1 else 0 end) as other
  from varied_words as a
  left join (select distinct topic, lane, moment, speaker from varied_words where side = 0) as b
    on b.topic = a.topic and b.lane = a.lane and b.moment = a.moment and b.speaker = a.speaker
  where a.side = 1
  group by a.topic, a.lane, a.moment
),
rewordings as (
  select a.topic, a.lane, a.moment, max(case when b.wording is null then 1 else 0 end) as other
  from varied_words as a
  left join (select distinct topic, lane, moment, wording from varied_words where side = 0) as b
    on b.topic = a.topic and b.lane = a.lane and b.moment = a.moment and b.wording = a.wording
  where a.side = 1
  group by a.topic, a.lane, a.moment
),
voted as (
  select
    m.topic, m.lane, 0 as place,
    case when m.moment_before is null then 'first' else 'vote' end as kind,
    m.stance_before as from_stance, m.stance as to_stance,
    case when m.stance = 9 then m.lowest end as lowest,
    case when m.stance = 9 then m.highest end as highest,
    greatest(coalesce(m.counts_from, e.counts_from), coalesce(e.counts_from, m.counts_from))
      as counts_from,
    m.moment as day, b.numbers as before, a.numbers as after, e.numbers as withdrawn_by,
    case when b.side is null then 0
      when s.topic is not null then s.other
      when a.first_speaker <> b.first_speaker then 1 else 0 end as other_speaker,
    case when b.side is null then 0
      when r.topic is not null then r.other
      when a.first_wording <> b.first_wording then 1 else 0 end as other_wording,
    greatest(
      coalesce(m.known_before, 0), coalesce(m.known_from, 0), coalesce(k.known_from, 0),
      coalesce(f.known_from, 0)
    ) as known_at
  from moved as m
  left join sides as b
    on b.topic = m.topic and b.lane = m.lane and b.moment = m.moment and b.side = 0
  left join sides as a
    on a.topic = m.topic and a.lane = m.lane and a.moment = m.moment and a.side = 1
  left join ended_all as e on e.topic = m.topic and e.lane = m.lane and e.moment = m.moment
  left join ended_known as k on k.topic = m.topic and k.lane = m.lane and k.moment = m.moment
  left join ended_known as f on f.topic = m.topic and f.lane = m.lane and f.moment = m.moment_before
  left join strangers as s on s.topic = m.topic and s.lane = m.lane and s.moment = m.moment
  left join rewordings as r on r.topic = m.topic and r.lane = m.lane and r.moment = m.moment
  left join changed_having as v on v.topic = m.topic and v.lane = m.lane and v.moment = m.moment
  cross join variables_asked as o
  where o.many = 0 or v.topic is not null
),
-- What the rule found and is printed, as of the end of a day: on the lane of who moved, and in those
-- of the sides that moved with them where these are asked about by name.
found as (
  select
    m.id, m.topic, m.actor as lane, m.place, m.kind, m.from_stance, m.to_stance, m.lowest,
    m.highest, m.counts_from, m.day, m.other_speaker, m.other_wording, m.known_from as known_at
  from moves as m
  join asked as q on q.known_at = m.known_at
  join asked_about as t on t.topic = m.topic
  join actors as a on a.actor = m.actor
  left join asked_actors as n on n.slug = a.slug
  left join found_having as v on v.id = m.id
  cross join variables_asked as o
  where (o.many = 0 or v.id is not null) and m.told = 1 and (m.mover = 1 or n.slug is not null)
    and m.counts_from <= q.as_of and m.from_day * 86400 + 86399 <= q.as_of
    and (m.until_day is null or q.as_of < m.until_day * 86400 + 86399)
),
found_proofs as (
  select p.id, p.what, array_sort(array_agg((p.place, p.number))) as numbers
  from found_words as p
  join asked as q on q.known_at = p.known_at
  where p.what in ('before', 'after', 'withdrawn_by')
  group by p.id, p.what
),
answered as (
  select
    topic, lane, place, kind, from_stance, to_stance, lowest, highest, counts_from, day, before,
    after, withdrawn_by, other_speaker, other_wording, known_at
  from voted
  union all
  select
    f.topic, f.lane, f.place, f.kind, f.from_stance, f.to_stance, f.lowest, f.highest,
    f.counts_from, f.day, b.numbers as before, a.numbers as after, w.numbers as withdrawn_by,
    f.other_speaker, f.other_wording, f.known_at
  from found as f
  left join found_proofs as b on b.id = f.id and b.what = 'before'
  left join found_proofs as a on a.id = f.id and a.what = 'after'
  left join found_proofs as w on w.id = f.id and w.what = 'withdrawn_by'
)
select
  t.slug as topic, n.slug as actor, t.scale, m.kind, m.from_stance, m.to_stance, m.lowest,
  m.highest, m.counts_from, m.day, m.before, m.after, m.withdrawn_by, m.other_speaker,
  m.other_wording, m.known_at
from answered as m
join topics as t on t.topic = m.topic
join actors as n on n.actor = m.lane
join chosen as h on h.actor = m.lane
order by t.slug, n.slug, m.day, m.place
