-- Every shop's clicks and revenue of local days, from exports of three tables: what
-- GET /v1/stats answers each of them, over all of them at once. Amounts in minor units.
WITH days AS (
  SELECT CAST($first AS DATE) AS first, CAST($last AS DATE) AS last
),
shops AS (
  SELECT Item.id.S AS merchant, Item.zone.S AS zone, Item.currency.S AS currency
  FROM read_json($merchants, columns = {Item: 'STRUCT(
    sk STRUCT(S VARCHAR), id STRUCT(S VARCHAR), zone STRUCT(S VARCHAR), currency STRUCT(S VARCHAR)
  )'})
  WHERE Item.sk.S = 'profile'
),
-- `merchant#yyyymmdd#shard`, in UTC, and `hhmmssmmm#random`; shards of page events begin with an e.
clicks AS (
  SELECT split_part(Item.pk.S, '#', 1) AS merchant,
    strptime(split_part(Item.pk.S, '#', 2) || left(Item.sk.S, 6) || ' UTC', '%Y%m%d%H%M%S %Z')
      AS moment
  FROM read_json($events, columns = {Item: 'STRUCT(pk STRUCT(S VARCHAR), sk STRUCT(S VARCHAR))'})
  WHERE split_part(Item.pk.S, '#', 3) NOT LIKE 'e%'
),
clicks_by_shop AS (
  SELECT merchant, count(*) AS clicks
  FROM clicks JOIN shops USING (merchant), days
  WHERE CAST(timezone(zone, moment) AS DATE) BETWEEN first AND last
  GROUP BY merchant
),
-- An order's credits say on which local day it was placed, `2026-11-16#shopify#1001`.
orders AS (
  SELECT Item.owner.S AS merchant, CAST(left(Item.day.S, 10) AS DATE) AS day,
    Item.currency.S AS currency, CAST(Item.net.N AS BIGINT) AS net, Item.influence.S AS influence
  FROM read_json($orders, columns = {Item: 'STRUCT(
    sk STRUCT(S VARCHAR), owner STRUCT(S VARCHAR), day STRUCT(S VARCHAR),
    currency STRUCT(S VARCHAR), net STRUCT(N VARCHAR), influence STRUCT(S VARCHAR),
    counts STRUCT(BOOL BOOLEAN)
  )'})
  WHERE Item.sk.S = 'credits' AND Item.counts.BOOL
),
orders_by_shop AS (
  SELECT merchant, count(*) AS orders, sum(net) AS revenue,
    count(*) FILTER (influence <> 'none') AS influenced_orders,
    coalesce(sum(net) FILTER (influence = 'last_click'), 0) AS last_click,
    coalesce(sum(net) FILTER (influence = 'assisted'), 0) AS assisted
  FROM orders JOIN shops USING (merchant, currency), days
  WHERE day BETWEEN first AND last
  GROUP BY merchant
)
SELECT merchant, currency, coalesce(clicks, 0) AS clicks, coalesce(orders, 0) AS orders,
  coalesce(influenced_orders, 0) AS influenced_orders, coalesce(revenue, 0) AS revenue,
  coalesce(last_click, 0) AS last_click, coalesce(assisted, 0) AS assisted
FROM shops LEFT JOIN clicks_by_shop USING (merchant) LEFT JOIN orders_by_shop USING (merchant)
ORDER BY revenue DESC, merchant;
