-- Databases of the first release have product templates whose sentences have a hole where the user has no name.

UPDATE prompt_template_versions SET system_text = replace(
  system_text,
  'You write social media posts on behalf of {user_name}, for {platform_name}.

About them:',
  'You write social media posts for {platform_name}, on behalf of the company or person described here.

Name: {user_name}
About them:'
) WHERE id = '7e3a1c00-0001-4000-8000-000000000011' AND user_id = 'system';

UPDATE prompt_template_versions SET system_text = replace(
  system_text,
  'You write social media posts as {user_name}, in the first person, for {platform_name}.

Who is speaking:',
  'You write social media posts for {platform_name}, in the first person, as the one described here.

Name: {user_name}
Who is speaking:'
) WHERE id = '7e3a1c00-0002-4000-8000-000000000012' AND user_id = 'system';

UPDATE prompt_template_versions SET system_text = replace(replace(
  system_text,
  'You help {user_name} put something into words for {platform_name}.',
  'You help somebody put something into words for {platform_name}.'
), '

About {user_name}: {user_bio}', '

Name: {user_name}
About them: {user_bio}') WHERE id = '7e3a1c00-0003-4000-8000-000000000013' AND user_id = 'system';
