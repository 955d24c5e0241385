-- Queries whose answers are equal in DuckDB, on Parquet and in BigQuery: one a line, in the SQL that all of
-- them speak. Every table is asked.
SELECT relation, COUNT(*) AS members, SUM(cycling_workout_ftp) AS ftp, SUM(total_workouts) AS workouts FROM users GROUP BY relation ORDER BY relation
SELECT username, access, created_at, created_ts, weight, is_profile_private FROM users ORDER BY id
SELECT id, default_max_heart_rate, customized_max_heart_rate, COALESCE(customized_max_heart_rate, default_max_heart_rate) AS max_heart_rate FROM users ORDER BY id
SELECT list, COUNT(*) AS rows_there, COUNT(DISTINCT followed_user_id) AS followed FROM follows GROUP BY list ORDER BY list
SELECT u.username, COUNT(f.user_id) AS follows FROM users AS u LEFT JOIN follows AS f ON f.user_id = u.id GROUP BY u.username ORDER BY u.username
SELECT fitness_discipline, COUNT(*) AS classes, SUM(duration) AS seconds, ROUND(AVG(difficulty_estimate), 3) AS difficulty FROM rides GROUP BY fitness_discipline ORDER BY fitness_discipline
SELECT id, title, original_air_time, original_air_ts, overall_rating_count, series_id FROM rides ORDER BY id LIMIT 50
SELECT content_format, is_archived, COUNT(*) AS classes FROM rides GROUP BY content_format, is_archived ORDER BY content_format, is_archived
SELECT i.name, COUNT(r.id) AS classes, MAX(r.duration) AS longest FROM instructors AS i LEFT JOIN rides AS r ON r.instructor_id = i.id GROUP BY i.name ORDER BY i.name
SELECT name, COUNT(DISTINCT ride_id) AS classes FROM ride_class_types GROUP BY name ORDER BY name
SELECT metrics_type, COUNT(*) AS segments, SUM(length_s) AS seconds, SUM(start_second) AS starts FROM ride_segments GROUP BY metrics_type ORDER BY metrics_type
SELECT metric, COUNT(*) AS targets, ROUND(SUM(lower), 4) AS lower_bounds, ROUND(SUM(upper), 4) AS upper_bounds FROM ride_targets GROUP BY metric ORDER BY metric
SELECT r.id, MIN(t.start_second) AS first_second, MAX(t.end_second) AS last_second FROM rides AS r JOIN ride_targets AS t ON t.ride_id = r.id GROUP BY r.id ORDER BY r.id
SELECT artists, COUNT(*) AS songs, COUNT(DISTINCT title) AS titles FROM ride_songs GROUP BY artists ORDER BY songs DESC, artists LIMIT 20
SELECT first_name, last_name, LENGTH(bio) AS letters, is_active FROM instructors ORDER BY id
SELECT COUNT(*) AS workouts, COUNT(ride_id) AS classes, ROUND(SUM(total_work), 3) AS joules, SUM(seconds_recorded) AS seconds, SUM(seconds_missing) AS gaps FROM workouts
SELECT discipline, status, COUNT(*) AS workouts, ROUND(SUM(calories_kcal), 3) AS kcal, ROUND(SUM(distance_m), 3) AS metres FROM workouts GROUP BY discipline, status ORDER BY discipline, status
SELECT id, created_ts, start_ts, end_ts, start_local, start_date_local, timezone FROM workouts ORDER BY id LIMIT 100
SELECT EXTRACT(YEAR FROM start_ts) AS year, EXTRACT(MONTH FROM start_ts) AS month, COUNT(*) AS workouts, ROUND(SUM(total_work), 3) AS joules FROM workouts GROUP BY 1, 2 ORDER BY 1, 2
SELECT start_date_local, COUNT(*) AS workouts, MAX(avg_output) AS best FROM workouts GROUP BY start_date_local ORDER BY start_date_local
SELECT EXTRACT(HOUR FROM start_local) AS hour, COUNT(*) AS workouts FROM workouts GROUP BY 1 ORDER BY 1
SELECT u.username, COUNT(*) AS workouts, ROUND(SUM(w.total_work), 3) AS joules, SUM(w.duration_s) AS seconds FROM workouts AS w JOIN users AS u ON u.id = w.user_id GROUP BY u.username ORDER BY joules DESC, u.username
SELECT is_total_work_personal_record, COUNT(*) AS workouts, MAX(leaderboard_rank) AS last_rank FROM workouts GROUP BY is_total_work_personal_record ORDER BY is_total_work_personal_record
SELECT COUNT(*) AS unnamed FROM workouts WHERE ride_id IS NULL AND title IS NOT NULL
SELECT COUNT(*) AS seconds, SUM(output) AS watt_seconds, SUM(cadence) AS revolutions, SUM(resistance) AS resistance, COUNT(heart_rate) AS beats_known, ROUND(SUM(speed), 3) AS speed FROM workout_stats
SELECT start_date, COUNT(*) AS seconds, SUM(output) AS watt_seconds FROM workout_stats GROUP BY start_date ORDER BY start_date
SELECT power_zone, COUNT(*) AS seconds, MIN(output) AS low, MAX(output) AS high FROM workout_stats GROUP BY power_zone ORDER BY COALESCE(power_zone, 0)
SELECT heart_rate_zone, COUNT(*) AS seconds, SUM(heart_rate) AS beats FROM workout_stats GROUP BY heart_rate_zone ORDER BY COALESCE(heart_rate_zone, 0)
SELECT workout_id, MAX(seconds_since_pedaling_start) AS last_second, COUNT(*) AS seconds FROM workout_stats GROUP BY workout_id ORDER BY workout_id LIMIT 100
SELECT COUNT(*) AS in_target FROM workout_stats WHERE cadence BETWEEN target_cadence_lower AND target_cadence_upper
SELECT ROUND(SUM(pace), 3) AS pace, ROUND(SUM(incline), 3) AS incline, ROUND(SUM(altitude), 3) AS altitude, SUM(stroke_rate) AS strokes, ROUND(SUM(split_pace), 3) AS split_pace FROM workout_stats
SELECT w.discipline, COUNT(*) AS seconds, SUM(s.output) AS watt_seconds FROM workout_stats AS s JOIN workouts AS w ON w.id = s.workout_id GROUP BY w.discipline ORDER BY w.discipline
SELECT name, COUNT(*) AS segments, SUM(length_s) AS seconds FROM workout_segments GROUP BY name ORDER BY name
SELECT workout_id, COUNT(*) AS splits, ROUND(SUM(distance_m), 3) AS metres, ROUND(SUM(seconds), 3) AS seconds FROM workout_splits GROUP BY workout_id ORDER BY workout_id
SELECT movement_name, COUNT(*) AS sets, SUM(repetitions) AS repetitions FROM workout_movements GROUP BY movement_name ORDER BY movement_name
SELECT slug, COUNT(*) AS achieved, COUNT(DISTINCT workout_id) AS workouts FROM workout_achievements GROUP BY slug ORDER BY slug
SELECT kind, zone, SUM(seconds) AS seconds, COUNT(*) AS workouts FROM workout_zones GROUP BY kind, zone ORDER BY kind, zone
SELECT muscle_group, COUNT(*) AS workouts, ROUND(SUM(score), 3) AS score, SUM(bucket) AS buckets FROM muscle_groups GROUP BY muscle_group ORDER BY muscle_group
SELECT user_id, date, ftp, source FROM ftp_history ORDER BY user_id, date, workout_id LIMIT 100
SELECT discipline, name, value, unit, workout_id FROM personal_records ORDER BY user_id, position, discipline, name
SELECT title, period, start_ts, end_ts, is_complete FROM challenges ORDER BY user_id, challenge_id
SELECT kind, COUNT(*) AS entries, COUNT(is_active) AS with_state FROM catalog GROUP BY kind ORDER BY kind
SELECT command, status, workouts_fetched, items_failed, started_at, finished_at FROM sync_runs ORDER BY id
SELECT endpoint, status, http_status, tries, first_tried_at FROM sync_items ORDER BY id
SELECT id, title, total_work, ftp FROM workouts_with_stats WHERE discipline = 'cycling' ORDER BY id LIMIT 50
SELECT user_id, COUNT(*) AS workouts, MIN(created_ts) AS first_created FROM workouts_with_stats GROUP BY user_id ORDER BY user_id
SELECT w.id, ROW_NUMBER() OVER (PARTITION BY w.user_id ORDER BY w.start_ts, w.id) AS number FROM workouts AS w ORDER BY w.id LIMIT 100
WITH bests AS (SELECT user_id, MAX(best_output) AS watts FROM workouts GROUP BY user_id) SELECT u.username, b.watts FROM bests AS b JOIN users AS u ON u.id = b.user_id ORDER BY u.username
SELECT COUNT(*) AS workouts, SUM(ARRAY_LENGTH(stats)) AS seconds, MAX(ARRAY_LENGTH(stats)) AS longest FROM workouts_with_stats
SELECT COUNT(*) AS seconds, SUM(s.output) AS watt_seconds, ROUND(SUM(s.avg_output_3s), 3) AS means, SUM(s.heart_rate) AS beats, COUNT(s.seconds_elapsed) AS steps, SUM(s.seconds_elapsed) AS elapsed FROM workouts_with_stats AS w CROSS JOIN UNNEST(w.stats) AS s
SELECT w.id, MIN(s.seconds_since_pedaling_start) AS first_second, MAX(s.seconds_since_pedaling_start) AS last_second, MAX(s.cadence) AS fastest FROM workouts_with_stats AS w CROSS JOIN UNNEST(w.stats) AS s GROUP BY w.id ORDER BY w.id LIMIT 100
