-- What PostgreSQL has of the two tables: one line for each part, by kind, table and name, without the name of
-- the schema. What it should have is in postgres.txt.
WITH part AS (
  SELECT c.relname::text AS name, quote_ident(n.nspname) || '.' AS schema, c.*
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid IN ('audit_entries'::regclass, 'audit_reached'::regclass)
)
SELECT 'table ' || name AS name, concat_ws(', ', relkind::text, relpersistence::text,
    'rules ' || EXISTS (SELECT 1 FROM pg_rewrite WHERE ev_class = part.oid), 'row security ' || (relrowsecurity OR relforcerowsecurity),
    'partition ' || relispartition,
    'inheritance ' || EXISTS (SELECT 1 FROM pg_inherits i WHERE part.oid IN (i.inhrelid, i.inhparent))) AS definition
FROM part
UNION ALL
SELECT 'column ' || part.name || ' ' || attname, concat_ws(', ', format_type(atttypid, atttypmod),
    CASE WHEN attnotnull THEN 'not null' END, CASE WHEN atthasdef THEN 'default' END,
    NULLIF(attgenerated::text, ''), NULLIF(attidentity::text, ''), collname)
FROM part JOIN pg_attribute a ON attrelid = part.oid LEFT JOIN pg_collation l ON l.oid = attcollation
WHERE attnum > 0 AND NOT attisdropped
UNION ALL
SELECT 'constraint ' || part.name || ' ' || contype::text || ' ' || pg_get_constraintdef(con.oid), 
   concat_ws(', ', CASE WHEN convalidated THEN 'valid' END, CASE WHEN condeferrable THEN 'deferrable' END)
FROM part JOIN pg_constraint con ON conrelid = part.oid
WHERE contype <> 'n'
UNION ALL
SELECT 'index ' || part.name || ' ' || regexp_replace(pg_get_indexdef(indexrelid), '^.* USING ', ''),
   concat_ws(', ', CASE WHEN indisunique THEN 'unique' END,
    CASE WHEN indisvalid AND indisready AND indislive THEN 'in use' END)
FROM part JOIN pg_index ON indrelid = part.oid
UNION ALL
SELECT 'trigger ' || part.name || ' ' || tgname, concat_ws(', ', tgenabled::text,
   replace(replace(pg_get_triggerdef(t.oid), schema, ''), quote_ident(fn.nspname) || '.', ''), btrim(regexp_replace(prosrc, '\s+', ' ', 'g')), lanname,
   CASE WHEN prosecdef THEN 'security definer' END, proconfig::text)
FROM part JOIN pg_trigger t ON tgrelid = part.oid JOIN pg_proc p ON p.oid = tgfoid JOIN pg_language la ON la.oid = prolang JOIN pg_namespace fn ON fn.oid = pronamespace
UNION ALL
SELECT 'setting session_replication_role', current_setting('session_replication_role')
ORDER BY 1
