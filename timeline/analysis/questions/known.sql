-- What was known at an instant: the last log position by which nothing had been recorded later.
-- A clock that was put right sets back what it had recorded while it ran ahead.
marks as (
  select
    position, recorded_at, case when type = 'clock.confirmed' then 1 else 0 end as confirmed
  from events
),
epochs as (
  select
    position, recorded_at,
    sum(confirmed) over (order by position) as epoch,
    min(case when confirmed = 1 then recorded_at end)
      over (order by position rows between current row and unbounded following) as set_back
  from marks
),
running as (
  select
    position,
    max(recorded_at) over (partition by epoch order by position) as reached,
    coalesce(set_back, 9223372036854775807) as set_back
  from epochs
)
select coalesce(max(r.position), 0) as position
from running as r
cross join moment as m
where least(r.reached, r.set_back) <= m.instant
