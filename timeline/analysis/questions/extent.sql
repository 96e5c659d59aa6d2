-- On which day the first words count and on which the last.
-- builds on: said
ends as (
  select min(day) as first_day, max(day) as last_day
  from said
)
select first_day, last_day
from ends
