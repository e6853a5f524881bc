-- engine: postgresql
-- Whoever leaves writes the receipt in the transaction that deletes the rows, so the API role may add one of its own kind. It can
-- neither see nor change any: they belong to nobody.

GRANT INSERT ON deletion_receipts TO noillusion_api;
DROP POLICY IF EXISTS left_by_user ON deletion_receipts;
CREATE POLICY left_by_user ON deletion_receipts FOR INSERT TO noillusion_api
  WITH CHECK (origin = 'user' AND (SELECT auth.jwt() ->> 'sub') IS NOT NULL);
