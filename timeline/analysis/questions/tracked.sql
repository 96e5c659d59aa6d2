-- Of which topics the rule has found all, as known at which log positions.
named as (
  select known_at, topic
  from tracked
)
select known_at, topic
from named
order by known_at, topic
