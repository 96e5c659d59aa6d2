-- Which topics there are, by slug.
named as (
  select topic, slug
  from topics
)
select topic, slug
from named
order by slug
