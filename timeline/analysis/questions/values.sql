-- Which values statements ever had of own variables.
named as (
  select distinct variable, value
  from own_values
)
select variable, value
from named
order by variable, value
