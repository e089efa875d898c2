-- Beside the first release's rows: an interview by a device, and visits.
INSERT INTO device (id, token_hash, label, issued_at, revoked_at) VALUES (1, '\x0b5f0c1d2e3f405162738495a6b7c8d9', '平板 1', 1795487270000, NULL);
UPDATE response SET finished_at = started_at + 95000, assistance = 'read_aloud', device = 1 WHERE id = '\x01a20adc00c0720e823e4f60718293a4';
INSERT INTO visits (questionnaire, day, mode, place, views, starts) VALUES ('resident', 20780, 'site', 'S002', 12, 5);
