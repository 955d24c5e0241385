-- Analyses of the kind that the Python project was made for. Each has its name, then the SQL for BigQuery
-- and, where DuckDB says it otherwise, that for DuckDB.

-- output by instructor and month
SELECT i.first_name, i.last_name, FORMAT_TIMESTAMP('%Y-%m', TIMESTAMP_SECONDS(w.created_at)) AS month,
  COUNT(*) AS workouts, ROUND(SUM(w.total_work) / 1000, 3) AS output_kj, ROUND(MAX(w.total_work) / 1000, 3) AS best_kj
FROM workouts AS w JOIN rides AS r ON r.id = w.ride_id JOIN instructors AS i ON i.id = r.instructor_id
WHERE w.status = 'COMPLETE' AND w.total_work > 0
GROUP BY i.first_name, i.last_name, month ORDER BY i.last_name, i.first_name, month
-- duckdb
SELECT i.first_name, i.last_name, strftime(make_timestamp(w.created_at * 1000000), '%Y-%m') AS month,
  COUNT(*) AS workouts, ROUND(SUM(w.total_work) / 1000, 3) AS output_kj, ROUND(MAX(w.total_work) / 1000, 3) AS best_kj
FROM workouts AS w JOIN rides AS r ON r.id = w.ride_id JOIN instructors AS i ON i.id = r.instructor_id
WHERE w.status = 'COMPLETE' AND w.total_work > 0
GROUP BY i.first_name, i.last_name, month ORDER BY i.last_name, i.first_name, month

-- average cadence by minute of a class
WITH most AS (
  SELECT ride_id FROM workouts_with_stats WHERE ARRAY_LENGTH(stats) > 0 AND ride_id IS NOT NULL
  GROUP BY ride_id ORDER BY COUNT(*) DESC, ride_id LIMIT 3
)
SELECT r.title, CAST(FLOOR(s.seconds_since_pedaling_start / 60) AS INT64) AS minute,
  COUNT(DISTINCT w.user_id) AS members, ROUND(AVG(s.cadence), 9) AS cadence, ROUND(AVG(s.resistance), 9) AS resistance
FROM workouts_with_stats AS w, UNNEST(w.stats) AS s
JOIN most AS m ON m.ride_id = w.ride_id JOIN rides AS r ON r.id = w.ride_id
GROUP BY r.id, r.title, minute ORDER BY r.id, minute
-- duckdb
WITH most AS (
  SELECT ride_id FROM workouts_with_stats WHERE len(stats) > 0 AND ride_id IS NOT NULL
  GROUP BY ride_id ORDER BY COUNT(*) DESC, ride_id LIMIT 3
)
SELECT r.title, CAST(FLOOR(s.seconds_since_pedaling_start / 60) AS BIGINT) AS minute,
  COUNT(DISTINCT w.user_id) AS members, ROUND(AVG(s.cadence), 9) AS cadence, ROUND(AVG(s.resistance), 9) AS resistance
FROM workouts_with_stats AS w CROSS JOIN UNNEST(w.stats) AS t(s)
JOIN most AS m ON m.ride_id = w.ride_id JOIN rides AS r ON r.id = w.ride_id
GROUP BY r.id, r.title, minute ORDER BY r.id, minute

-- friends' totals
SELECT u.username, u.first_name, u.cycling_workout_ftp, COUNT(w.id) AS workouts,
  COUNTIF(w.is_total_work_personal_record) AS records, ROUND(SUM(w.total_work) / 1000, 3) AS output_kj,
  SUM(w.v2_total_video_watch_time_seconds) AS watched_s
FROM users AS u LEFT JOIN workouts AS w ON w.user_id = u.id
GROUP BY u.id, u.username, u.first_name, u.cycling_workout_ftp ORDER BY u.username

-- friends on the same class
SELECT r.title, u.username, MIN(w.leaderboard_rank) AS best_rank, ROUND(MAX(w.total_work) / 1000, 3) AS output_kj
FROM workouts AS w JOIN users AS u ON u.id = w.user_id JOIN rides AS r ON r.id = w.ride_id
WHERE w.ride_id IN (SELECT ride_id FROM workouts GROUP BY ride_id HAVING COUNT(DISTINCT user_id) > 1)
GROUP BY r.id, r.title, u.id, u.username ORDER BY r.id, u.username

-- the best three seconds of each workout
SELECT w.id, MAX(s.output) AS best_second, ROUND(MAX(s.avg_output_2s), 9) AS best_2s,
  ROUND(MAX(s.avg_output_3s), 9) AS best_3s, ROUND(AVG(s.avg_cadence_3s), 9) AS cadence
FROM workouts_with_stats AS w, UNNEST(w.stats) AS s
WHERE s.output > 0 GROUP BY w.id ORDER BY w.id
-- duckdb
SELECT w.id, MAX(s.output) AS best_second, ROUND(MAX(s.avg_output_2s), 9) AS best_2s,
  ROUND(MAX(s.avg_output_3s), 9) AS best_3s, ROUND(AVG(s.avg_cadence_3s), 9) AS cadence
FROM workouts_with_stats AS w CROSS JOIN UNNEST(w.stats) AS t(s)
WHERE s.output > 0 GROUP BY w.id ORDER BY w.id

-- time within the targets
SELECT w.id, COUNT(*) AS seconds,
  COUNTIF(s.cadence BETWEEN s.target_cadence_lower AND s.target_cadence_upper) AS in_cadence,
  COUNTIF(s.resistance BETWEEN s.target_resistance_lower AND s.target_resistance_upper) AS in_resistance,
  SUM(s.seconds_elapsed) AS elapsed
FROM workouts_with_stats AS w LEFT JOIN UNNEST(w.stats) AS s
WHERE s.target_cadence_lower IS NOT NULL GROUP BY w.id ORDER BY w.id
-- duckdb
SELECT w.id, COUNT(*) AS seconds,
  COUNTIF(s.cadence BETWEEN s.target_cadence_lower AND s.target_cadence_upper) AS in_cadence,
  COUNTIF(s.resistance BETWEEN s.target_resistance_lower AND s.target_resistance_upper) AS in_resistance,
  SUM(s.seconds_elapsed) AS elapsed
FROM workouts_with_stats AS w LEFT JOIN UNNEST(w.stats) AS t(s) ON true
WHERE s.target_cadence_lower IS NOT NULL GROUP BY w.id ORDER BY w.id

-- minutes by share of the maximal heart rate
SELECT u.username,
  CAST(FLOOR(10 * s.heart_rate / COALESCE(NULLIF(u.customized_max_heart_rate, 0), u.default_max_heart_rate)) AS INT64) AS tenth,
  ROUND(COUNT(*) / 60, 9) AS minutes, ROUND(AVG(s.speed), 9) AS mph
FROM workout_stats AS s JOIN workouts AS w ON w.id = s.workout_id JOIN users AS u ON u.id = w.user_id
WHERE s.heart_rate IS NOT NULL GROUP BY u.username, tenth ORDER BY u.username, tenth
-- duckdb
SELECT u.username,
  CAST(FLOOR(10 * s.heart_rate / COALESCE(NULLIF(u.customized_max_heart_rate, 0), u.default_max_heart_rate)) AS BIGINT) AS tenth,
  ROUND(COUNT(*) / 60, 9) AS minutes, ROUND(AVG(s.speed), 9) AS mph
FROM workout_stats AS s JOIN workouts AS w ON w.id = s.workout_id JOIN users AS u ON u.id = w.user_id
WHERE s.heart_rate IS NOT NULL GROUP BY u.username, tenth ORDER BY u.username, tenth

-- months of a member, from the nested table alone
SELECT user_id, EXTRACT(YEAR FROM created_ts) AS year, EXTRACT(MONTH FROM created_ts) AS month,
  COUNT(*) AS workouts, SUM(ARRAY_LENGTH(stats)) AS seconds, ROUND(SUM(total_work) / 1000, 3) AS output_kj
FROM workouts_with_stats GROUP BY user_id, year, month ORDER BY user_id, year, month
-- duckdb
SELECT user_id, EXTRACT(YEAR FROM created_ts) AS year, EXTRACT(MONTH FROM created_ts) AS month,
  COUNT(*) AS workouts, SUM(len(stats)) AS seconds, ROUND(SUM(total_work) / 1000, 3) AS output_kj
FROM workouts_with_stats GROUP BY user_id, year, month ORDER BY user_id, year, month

-- classes by rating and length
SELECT fitness_discipline, duration, COUNT(*) AS classes, ROUND(AVG(overall_rating_avg), 9) AS rating,
  SUM(overall_rating_count) AS ratings, ROUND(AVG(difficulty_estimate), 9) AS difficulty, MIN(original_air_time) AS first_aired
FROM rides GROUP BY fitness_discipline, duration ORDER BY fitness_discipline, duration
