-- Which actors there are, by slug.
named as (
  select actor, slug
  from actors
)
select actor, slug
from named
order by slug
