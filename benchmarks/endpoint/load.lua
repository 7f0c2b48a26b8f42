-- Asks wrk's server the paths of a file one after the other; threads begin at different places.
--   wrk -t1 -c8 -d5s -s load.lua http://127.0.0.1:8000 -- paths.txt
local paths, next_path, threads = {}, 1, 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  for line in io.lines(args[1]) do paths[#paths + 1] = line end
  next_path = 1 + (number * 7919) % #paths
  wrk.headers["Accept"] = "application/sparql-results+json, application/n-triples;q=0.9"
end

function request()
  local path = paths[next_path]
  next_path = next_path % #paths + 1
  return wrk.format("GET", path)
end

function done(summary, latency, _)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format("RESULT %d %d %.1f %.1f %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), failed))
end
