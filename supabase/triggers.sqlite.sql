-- What the migrations do by functions of PostgreSQL's: counters follow what people do, and no statement of the product writes them.
CREATE TRIGGER IF NOT EXISTS count_rating_given AFTER INSERT ON prompt_template_ratings BEGIN
  UPDATE prompt_templates SET rating_sum = rating_sum + NEW.stars, rating_count = rating_count + 1 WHERE id = NEW.template_id;
END;

CREATE TRIGGER IF NOT EXISTS count_rating_changed AFTER UPDATE OF template_id, stars ON prompt_template_ratings BEGIN
  UPDATE prompt_templates SET rating_sum = rating_sum - OLD.stars, rating_count = rating_count - 1 WHERE id = OLD.template_id;
  UPDATE prompt_templates SET rating_sum = rating_sum + NEW.stars, rating_count = rating_count + 1 WHERE id = NEW.template_id;
END;

CREATE TRIGGER IF NOT EXISTS count_rating_withdrawn AFTER DELETE ON prompt_template_ratings BEGIN
  UPDATE prompt_templates SET rating_sum = rating_sum - OLD.stars, rating_count = rating_count - 1 WHERE id = OLD.template_id;
END;

CREATE TRIGGER IF NOT EXISTS count_template_use INSTEAD OF INSERT ON prompt_template_uses BEGIN
  UPDATE prompt_templates SET usage_count = usage_count + 1
  WHERE id = NEW.template_id AND user_id <> NEW.user_id AND shared_at IS NOT NULL;
END;

CREATE TRIGGER IF NOT EXISTS count_report_given AFTER INSERT ON prompt_template_choices WHEN NEW.report_reason IS NOT NULL BEGIN
  UPDATE prompt_templates SET report_count = report_count + 1 WHERE id = NEW.template_id;
END;

CREATE TRIGGER IF NOT EXISTS count_report_changed AFTER UPDATE OF template_id, report_reason ON prompt_template_choices BEGIN
  UPDATE prompt_templates SET report_count = report_count - 1 WHERE id = OLD.template_id AND OLD.report_reason IS NOT NULL;
  UPDATE prompt_templates SET report_count = report_count + 1 WHERE id = NEW.template_id AND NEW.report_reason IS NOT NULL;
END;

CREATE TRIGGER IF NOT EXISTS count_report_withdrawn AFTER DELETE ON prompt_template_choices WHEN OLD.report_reason IS NOT NULL BEGIN
  UPDATE prompt_templates SET report_count = report_count - 1 WHERE id = OLD.template_id;
END;

CREATE TRIGGER IF NOT EXISTS date_target AFTER INSERT ON post_targets
WHEN NEW.created_at <> (SELECT created_at FROM posts WHERE id = NEW.post_id) BEGIN
  UPDATE post_targets SET post_created_at = (SELECT created_at FROM posts WHERE id = NEW.post_id) WHERE id = NEW.id;
END;

-- As leave_shared_due_time of PostgreSQL: a target that is deleted, here or at its platform, leaves the row of its
-- due time.
CREATE TRIGGER IF NOT EXISTS leave_shared_due_time AFTER DELETE ON post_targets WHEN OLD.connection_id IS NOT NULL BEGIN
  UPDATE post_polls
  SET target_id = json_extract(other_target_ids, '$[0]'), other_target_ids = json_remove(other_target_ids, '$[0]')
  WHERE target_id = OLD.id AND other_target_ids <> '[]'
    AND NOT EXISTS (SELECT 1 FROM post_polls q WHERE q.target_id = json_extract(post_polls.other_target_ids, '$[0]'));
  DELETE FROM post_polls WHERE target_id = OLD.id AND other_target_ids = '[]';
  UPDATE post_polls
  SET other_target_ids = (SELECT json_group_array(value) FROM json_each(post_polls.other_target_ids) WHERE value <> OLD.id)
  WHERE user_id = OLD.user_id AND connection_id = OLD.connection_id
    AND EXISTS (SELECT 1 FROM json_each(post_polls.other_target_ids) WHERE value = OLD.id);
END;

CREATE TRIGGER IF NOT EXISTS leave_shared_due_time_when_marked AFTER UPDATE OF deleted_at ON post_targets
WHEN OLD.connection_id IS NOT NULL AND OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN
  UPDATE post_polls
  SET target_id = json_extract(other_target_ids, '$[0]'), other_target_ids = json_remove(other_target_ids, '$[0]')
  WHERE target_id = OLD.id AND other_target_ids <> '[]'
    AND NOT EXISTS (SELECT 1 FROM post_polls q WHERE q.target_id = json_extract(post_polls.other_target_ids, '$[0]'));
  DELETE FROM post_polls WHERE target_id = OLD.id AND other_target_ids = '[]';
  UPDATE post_polls
  SET other_target_ids = (SELECT json_group_array(value) FROM json_each(post_polls.other_target_ids) WHERE value <> OLD.id)
  WHERE user_id = OLD.user_id AND connection_id = OLD.connection_id
    AND EXISTS (SELECT 1 FROM json_each(post_polls.other_target_ids) WHERE value = OLD.id);
END;

-- As guard_target and delete_history of PostgreSQL.
CREATE TRIGGER IF NOT EXISTS guard_history BEFORE INSERT ON post_analytics
WHEN NOT EXISTS (SELECT 1 FROM post_targets WHERE id = NEW.target_id AND user_id = NEW.user_id) BEGIN
  SELECT RAISE(ABORT, 'target_id refers to no row of this user');
END;

CREATE TRIGGER IF NOT EXISTS delete_history AFTER DELETE ON post_targets BEGIN
  DELETE FROM post_analytics WHERE user_id = OLD.user_id AND target_id = OLD.id;
END;

-- As guard_finished_target of PostgreSQL: the outcome of a target never changes. A test updates each column on both engines.
CREATE TRIGGER IF NOT EXISTS guard_finished_target BEFORE UPDATE ON post_targets
WHEN OLD.status IN ('published', 'delivered_to_inbox', 'failed', 'canceled', 'missed') AND (
  NEW.id IS NOT OLD.id OR NEW.user_id IS NOT OLD.user_id OR NEW.post_id IS NOT OLD.post_id OR NEW.platform IS NOT OLD.platform
  OR NEW.account_id IS NOT OLD.account_id OR NEW.position IS NOT OLD.position OR NEW.kind IS NOT OLD.kind
  OR NEW.text_length IS NOT OLD.text_length OR NEW.attempt IS NOT OLD.attempt OR NEW.retry_of IS NOT OLD.retry_of OR NEW.status IS NOT OLD.status
  OR NEW.handles IS NOT OLD.handles OR NEW.accepted_id IS NOT OLD.accepted_id
  OR (NEW.platform_post_id IS NOT OLD.platform_post_id AND OLD.platform_post_id IS NOT NULL)
  OR (NEW.permalink IS NOT OLD.permalink AND OLD.status NOT IN ('published', 'delivered_to_inbox'))
  OR NEW.text_fingerprint IS NOT OLD.text_fingerprint OR NEW.error_class IS NOT OLD.error_class
  OR NEW.error_code IS NOT OLD.error_code OR NEW.platform_code IS NOT OLD.platform_code
  OR NEW.retry_after_at IS NOT OLD.retry_after_at OR NEW.committing_at IS NOT OLD.committing_at
  OR NEW.published_at IS NOT OLD.published_at OR NEW.deadline_at IS NOT OLD.deadline_at OR NEW.checks IS NOT OLD.checks
  OR NEW.created_at IS NOT OLD.created_at OR NEW.platform_ahead_ms IS NOT OLD.platform_ahead_ms
  OR NEW.idempotency_key IS NOT OLD.idempotency_key
  OR (NEW.request_fingerprint IS NOT OLD.request_fingerprint AND NEW.request_fingerprint IS NOT NULL)
  -- Set by date_target right after the row was added.
  OR (NEW.post_created_at IS NOT OLD.post_created_at AND OLD.post_created_at IS NOT NULL)
  OR NEW.first_comment IS NOT OLD.first_comment
  OR (OLD.status NOT IN ('published', 'delivered_to_inbox') AND (
    NEW.edited_at IS NOT OLD.edited_at OR NEW.edit_status IS NOT OLD.edit_status
    OR NEW.edit_error_class IS NOT OLD.edit_error_class OR NEW.edit_code IS NOT OLD.edit_code))
  OR NEW.publish_at IS NOT OLD.publish_at)
BEGIN
  SELECT RAISE(ABORT, 'a finished target does not change');
END;

-- As guard_finished_occurrence.
CREATE TRIGGER IF NOT EXISTS guard_finished_occurrence BEFORE UPDATE ON schedule_occurrences
WHEN OLD.state IN ('published', 'missed', 'failed', 'unknown', 'canceled', 'skipped') AND (
  NEW.id IS NOT OLD.id OR NEW.user_id IS NOT OLD.user_id OR NEW.schedule_id IS NOT OLD.schedule_id
  OR NEW.target_id IS NOT OLD.target_id OR NEW.due_at IS NOT OLD.due_at OR NEW.local_due IS NOT OLD.local_due
  OR NEW.position IS NOT OLD.position OR NEW.state IS NOT OLD.state OR NEW.code IS NOT OLD.code
  OR NEW.lease_owner IS NOT OLD.lease_owner OR NEW.lease_until IS NOT OLD.lease_until OR NEW.wake_at IS NOT OLD.wake_at
  OR NEW.check_stage IS NOT OLD.check_stage OR NEW.check_due_at IS NOT OLD.check_due_at
  OR NEW.check_codes IS NOT OLD.check_codes OR NEW.check_changes IS NOT OLD.check_changes
  OR NEW.slot IS NOT OLD.slot OR NEW.created_at IS NOT OLD.created_at)
BEGIN
  SELECT RAISE(ABORT, 'a finished occurrence does not change');
END;

-- What lists show of shared templates.
CREATE TRIGGER IF NOT EXISTS keep_library_added AFTER INSERT ON prompt_templates WHEN NEW.shared_at IS NOT NULL BEGIN
  DELETE FROM template_library WHERE id = NEW.id;
  INSERT INTO template_library (id, is_product, name, description, content_mode, platforms, tags, version, shared_at, usage_count,
    rating_sum, rating_count, rating_score, search_text, created_at, updated_at)
  VALUES (NEW.id, NEW.user_id = 'system', NEW.name, NEW.description, NEW.content_mode, NEW.platforms, NEW.tags, NEW.version, NEW.shared_at,
    NEW.usage_count, NEW.rating_sum, NEW.rating_count, (NEW.rating_sum + 15) * 100000 / (NEW.rating_count + 5), NEW.search_text,
    NEW.created_at, NEW.updated_at);
END;

CREATE TRIGGER IF NOT EXISTS keep_library_changed AFTER UPDATE ON prompt_templates
WHEN OLD.shared_at IS NOT NULL OR NEW.shared_at IS NOT NULL BEGIN
  DELETE FROM template_library WHERE id = NEW.id;
  INSERT INTO template_library (id, is_product, name, description, content_mode, platforms, tags, version, shared_at, usage_count,
    rating_sum, rating_count, rating_score, search_text, created_at, updated_at)
  SELECT NEW.id, NEW.user_id = 'system', NEW.name, NEW.description, NEW.content_mode, NEW.platforms, NEW.tags, NEW.version, NEW.shared_at,
    NEW.usage_count, NEW.rating_sum, NEW.rating_count, (NEW.rating_sum + 15) * 100000 / (NEW.rating_count + 5), NEW.search_text,
    NEW.created_at, NEW.updated_at
  WHERE NEW.shared_at IS NOT NULL;
END;
