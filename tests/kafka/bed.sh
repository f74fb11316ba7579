# shellcheck shell=bash
# Sourced by the scripts here: where Kafka's jars are, and which process is which node.
# A cluster is a directory: N.properties, N.log, N.pid and data-N for each node N, and `env` for those who use it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
version=${KAFSCOPE_TEST_KAFKA_VERSION:-4.3.1}
libs=${XDG_CACHE_HOME:-$HOME/.cache}/kafscope/kafka-$version/libs
# C1 only and the serial collector: half the start time and memory, and three nodes fit on two cores.
jvm=(-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xms32m -Xmx192m "-Dlog4j2.configurationFile=$here/log4j2.properties")
ready_seconds=120 # a loaded machine takes 20 s for three nodes
end_seconds=20    # a node that hands over its partitions takes 5 s

die() {
  echo "tests/kafka: $*" >&2
  exit 1
}

cluster() { # DIR -> its absolute path
  [ -f "$1/env" ] || die "$1 is not a cluster of ours; start one with: tests/kafka/up 3 DIR"
  (cd "$1" && pwd -P)
}

kafka() { # CLASS ARGS...: becomes one of Kafka's own programs
  exec java "${jvm[@]}" -cp "$libs/*" "$@"
}

# Prints the process id of node N of DIR if it lives. An id may have gone to a stranger since: the command line must name our file.
living() { # DIR N
  local pid
  pid=$(cat "$1/$2.pid" 2>/dev/null) || return 1
  ps -ww -p "$pid" -o args= 2>/dev/null | grep -qF -- "$1/$2.properties" || return 1
  echo "$pid"
}

launch() { # DIR N: starts the node and returns at once
  touch "$1/$2.log"
  wc -c <"$1/$2.log" >"$1/$2.log.before"
  kafka kafka.Kafka "$1/$2.properties" >>"$1/$2.log" 2>&1 </dev/null &
  echo $! >"$1/$2.pid"
}

# A node writes this line when its client port opens and the other nodes know it; only what this start wrote counts.
await_ready() { # DIR N
  local deadline=$((SECONDS + ready_seconds))
  until tail -c "+$(($(cat "$1/$2.log.before") + 1))" "$1/$2.log" | grep 'Kafka Server started' >/dev/null; do
    living "$1" "$2" >/dev/null || die "node $2 ended while starting: $(tail -n 20 "$1/$2.log")"
    [ "$SECONDS" -lt "$deadline" ] || die "node $2 was not ready after $ready_seconds s, see $1/$2.log"
    sleep 0.1
  done
}

# A node that is asked to end while there is no majority of controllers looks for one for minutes.
end() { # DIR N SIGNAL: returns when the node is gone
  local pid deadline=$((SECONDS + end_seconds))
  pid=$(living "$1" "$2") || return 0
  kill "-$3" "$pid"
  kill -CONT "$pid" 2>/dev/null || true # a paused node hears nothing else
  while living "$1" "$2" >/dev/null; do
    [ "$SECONDS" -lt "$deadline" ] || kill -KILL "$pid" 2>/dev/null || true
    sleep 0.05
  done
  rm -f "$1/$2.pid"
}
