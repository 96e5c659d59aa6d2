-- Who is asked about: the actors that are named, else all.
chosen as (
  select a.actor
  from actors as a
  cross join (select count(*) as many from asked_actors) as c
  left join asked_actors as n on n.slug = a.slug
  where c.many = 0 or n.slug is not null
),
asked_about as (
  select t.topic
  from topics as t
  cross join (select count(*) as many from asked_topics) as c
  left join asked_topics as a on a.topic = t.topic
  where c.many = 0 or a.topic is not null
),
-- Where each actor stands is worked out here for votes. Of all other topics the rule has found it.
rule_found as (
  select k.topic
  from tracked as k
  join asked as q on q.known_at = k.known_at
),
-- What was said in each lane, as known at a log position and said by an instant, and what of it
-- was taken back. The words of a merged actor stand in the lane of whom it was merged into.
live_lanes as (
  select m.member, m.lane, m.known_from as since
  from lanes as m
  left join lanes_ended as e on e.member = m.member and e.known_from = m.known_from
  cross join asked as q
  where m.known_from <= q.known_at
    and coalesce(m.known_until, e.known_until, q.known_at + 1) > q.known_at
),
live_words as (
  select
    w.topic, w.actor, w.speaker, w.number, w.known_from, w.rank, w.joint, w.timed, w.day,
    w.counts_from, w.stance, w.wording, w.retracted
  from words as w
  join asked_about as t on t.topic = w.topic
  left join words_ended as e
    on e.number = w.number and e.actor = w.actor and e.known_from = w.known_from
  cross join asked as q
  where w.known_from <= q.known_at
    and coalesce(w.known_until, e.known_until, q.known_at + 1) > q.known_at
    and w.counts_from <= q.as_of
),
placed as (
  select
    w.topic, coalesce(l.lane, w.actor) as lane, coalesce(s.lane, w.speaker) as speaker, w.number,
    greatest(w.known_from, coalesce(l.since, 0)) as known_from,
    w.rank, w.joint, w.timed, w.day, w.counts_from, w.stance, w.wording, w.retracted,
    case when l.lane is null and shared.lane is null then 0 else 1 end as shared
  from live_words as w
  left join live_lanes as l on l.member = w.actor
  left join live_lanes as s on s.member = w.speaker
  left join (select distinct lane from live_lanes) as shared on shared.lane = w.actor
),
-- Two members of one lane may share a statement: it counts once, from when it was known first.
joined as (
  select
    p.*,
    row_number() over (partition by p.topic, p.lane, p.number order by p.known_from) as place
  from placed as p
  where p.shared = 1
),
said as (
  select
    topic, lane, speaker, number, known_from, rank, joint, timed, day, counts_from, stance,
    wording, retracted
  from placed
  where shared = 0
  union all
  select
    topic, lane, speaker, number, known_from, rank, joint, timed, day, counts_from, stance,
    wording, retracted
  from joined
  where place = 1
),
live_links as (
  select k.number, k.target, k.known_from
  from walkbacks as k
  left join walkbacks_ended as e
    on e.number = k.number and e.target = k.target and e.known_from = k.known_from
  cross join asked as q
  where k.known_from <= q.known_at
    and coalesce(k.known_until, e.known_until, q.known_at + 1) > q.known_at
),
linked as (
  select s.*
  from said as s
  join (select number from live_links union select target as number from live_links) as ends
    on ends.number = s.number
),
-- Words take back others of the same lane, of their own rank or a lower one, unless retracted.
takings as (
  select
    t.topic, t.lane, t.number as target, b.number, b.day, b.counts_from, b.rank, b.speaker,
    b.wording, greatest(k.known_from, b.known_from) as known_from
  from live_links as k
  join linked as b on b.number = k.number
  join linked as t on t.number = k.target and t.topic = b.topic and t.lane = b.lane
  where b.retracted = 0 and b.rank <= t.rank
),
taken as (
  select topic, lane, target, min(day) as last_day
  from takings
  group by topic, lane, target
),
-- Whoever said all of it for others is told with them, and not once more unless asked about by name.
elsewhere as (
  select
    s.topic, s.lane,
    sum(case when s.lane <> s.speaker then 1 else 0 end) over (partition by s.topic, s.number)
      - case when s.lane <> s.speaker then 1 else 0 end as others
  from said as s
),
folded as (
  select e.topic, e.lane
  from elsewhere as e
  join actors as a on a.actor = e.lane
  left join asked_actors as n on n.slug = a.slug
  where n.slug is null
  group by e.topic, e.lane
  having min(e.others) > 0
),
-- Where values of own variables are asked for: the statements that have any of them of each
-- variable, and what the rule found that rests on such statements.
variables_asked as (
  select count(distinct variable) as many from asked_values
),
having_values as (
  select v.number
  from own_values as v
  join asked_values as a on a.variable = v.variable and a.value = v.value
  cross join asked as q
  cross join variables_asked as n
  where v.known_from <= q.known_at and coalesce(v.known_until, q.known_at + 1) > q.known_at
  group by v.number
  having count(distinct v.variable) = max(n.many)
),
found_having as (
  select distinct p.id
  from found_words as p
  join asked as q on q.known_at = p.known_at
  join having_values as h on h.number = p.number
  where p.what in ('counted', 'after', 'withdrawn_by')
)
