/** What people would ask the demo's data. Every query orders its rows fully, so that engines can be compared row by row. */

export interface Question {
  readonly title: string;
  readonly sql: string;
}

export const QUESTIONS: readonly Question[] = [
  { title: 'How many flights are there?', sql: 'SELECT count(*) AS flights FROM flights' },
  {
    title: 'Which airports have the most departures?',
    sql: `SELECT a.city, a.state, f.origin, count(*) AS departures
          FROM flights f JOIN airports a ON a.iata = f.origin
          GROUP BY f.origin ORDER BY departures DESC, f.origin LIMIT 5`,
  },
  {
    title: 'Where are flights latest on average?',
    sql: `SELECT origin, count(*) AS flights, round(avg(delay), 2) AS average_delay, max(delay) AS worst
          FROM flights GROUP BY origin HAVING count(*) > 20000 ORDER BY average_delay DESC, origin LIMIT 5`,
  },
  {
    title: 'How does delay change over the day?',
    sql: `SELECT CAST(substr(date, 12, 2) AS INTEGER) AS hour, count(*) AS flights, round(avg(delay), 1) AS average_delay
          FROM flights GROUP BY hour ORDER BY hour`,
  },
  {
    title: 'What were the ten worst delays?',
    sql: `SELECT date, origin, destination, delay, distance FROM flights
          ORDER BY delay DESC, date, origin, destination, distance LIMIT 10`,
  },
  {
    title: 'Which routes between two states are flown most?',
    sql: `SELECT o.state AS from_state, d.state AS to_state, count(*) AS flights, sum(f.distance) AS miles
          FROM flights f JOIN airports o ON o.iata = f.origin JOIN airports d ON d.iata = f.destination
          WHERE o.state <> d.state
          GROUP BY o.state, d.state ORDER BY flights DESC, from_state, to_state LIMIT 8`,
  },
  {
    title: 'How many routes are there, and how many flights on time?',
    sql: `SELECT count(DISTINCT origin || destination) AS routes, sum(delay <= 0) AS on_time,
                 sum(CASE WHEN delay > 60 THEN 1 ELSE 0 END) AS over_an_hour FROM flights`,
  },
  {
    title: 'Which flights left Honolulu more than four hours late?',
    sql: `SELECT date, destination, delay FROM flights
          WHERE origin = 'HNL' AND delay > 240 ORDER BY delay DESC, date, destination LIMIT 5`,
  },
  {
    title: 'Which films with "star" in the title earned most?',
    sql: `SELECT Title, "Worldwide Gross" AS gross, "IMDB Rating" AS rating FROM movies
          WHERE Title LIKE '%star%' ORDER BY gross DESC, Title LIMIT 5`,
  },
  {
    title: 'Which directors have the best films, with at least eight of them?',
    sql: `SELECT Director, count(*) AS films, round(avg("IMDB Rating"), 2) AS rating FROM movies
          WHERE Director IS NOT NULL GROUP BY Director HAVING films >= 8 ORDER BY rating DESC, Director LIMIT 5`,
  },
  {
    title: 'The best film of each genre?',
    sql: `SELECT genre, Title, rating FROM (
            SELECT "Major Genre" AS genre, Title, "IMDB Rating" AS rating,
                   row_number() OVER (PARTITION BY "Major Genre" ORDER BY "IMDB Rating" DESC, "IMDB Votes" DESC, Title) AS place
            FROM movies WHERE "Major Genre" IS NOT NULL AND "IMDB Votes" > 20000)
          WHERE place = 1 ORDER BY genre`,
  },
  {
    title: 'Which birds do most damage?',
    sql: `WITH strikes AS (
            SELECT "Wildlife Species" AS species, "Cost Total $" AS cost FROM birdstrikes
            WHERE "Wildlife Species" NOT LIKE 'Unknown%')
          SELECT species, count(*) AS strikes, sum(cost) AS dollars FROM strikes
          GROUP BY species ORDER BY dollars DESC, species LIMIT 5`,
  },
  {
    title: 'Which zip codes lie in a Springfield?',
    sql: `SELECT state, count(*) AS zips, min(zip_code) AS first FROM zipcodes
          WHERE city = 'Springfield' GROUP BY state ORDER BY zips DESC, state LIMIT 5`,
  },
  {
    title: 'Which airports are in cities that no zip code names?',
    sql: `SELECT count(*) AS airports FROM airports a
          WHERE NOT EXISTS (SELECT 1 FROM zipcodes z WHERE z.city = a.city AND z.state = a.state)`,
  },
];
