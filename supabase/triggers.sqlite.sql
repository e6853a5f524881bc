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
  WHERE id = NEW.template_id AND (user_id = NEW.user_id OR shared_at IS NOT NULL);
END;

CREATE TRIGGER IF NOT EXISTS date_target AFTER INSERT ON post_targets
WHEN NEW.created_at <> (SELECT created_at FROM posts WHERE id = NEW.post_id) BEGIN
  UPDATE post_targets SET post_created_at = (SELECT created_at FROM posts WHERE id = NEW.post_id) WHERE id = NEW.id;
END;
