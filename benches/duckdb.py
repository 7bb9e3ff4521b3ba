#!/usr/bin/env python3
"""The six questions of benches/log, asked of DuckDB and of hegui about the same file; counts compared, times in turn.

    pip install duckdb
    cargo bench --bench log -- --rows 5000000 --write /tmp/log
    python3 benches/duckdb.py /tmp/log target/release/hegui [--runs 5]

DuckDB loads the CSV once and runs six queries, with `sha256sum` beside it in a process of its own, since hegui hashes too.
"""
import json
import pathlib
import statistics
import subprocess
import sys
import time

DUCKDB = """
import duckdb, json, sys
log, roster = sys.argv[1:3]
db = duckdb.connect()
db.execute("SET threads = 2; SET enable_progress_bar = false")
db.execute(
    "CREATE TABLE log AS SELECT * FROM read_csv(?, header = true, columns = {'ts': 'TIMESTAMPTZ', 'user_id': 'VARCHAR', "
    "'action': 'VARCHAR', 'object_id': 'VARCHAR', 'client_id': 'VARCHAR', 'result': 'VARCHAR', 'mfa': 'BOOLEAN', "
    "'src_ip': 'VARCHAR'})", [log])
db.execute("CREATE TABLE roster AS SELECT * FROM read_csv(?, header = true, columns = {'user_id': 'VARCHAR'})", [roster])
pair = lambda sql: db.execute(sql).fetchone()
print(json.dumps([
    pair("SELECT count(*), count(*) FILTER (WHERE ts IS NOT NULL AND user_id IS NOT NULL AND action IS NOT NULL "
         "AND client_id IS NOT NULL AND result IS NOT NULL) FROM log"),
    pair("SELECT count(*), count(*) FILTER (WHERE mfa) FROM log WHERE action = 'export'"),
    pair("SELECT count(*), count(*) FILTER (WHERE result = 'success') FROM log"),
    pair("SELECT 1, (count(*) <= 1000000000)::INT FROM log WHERE action = 'delete'"),
    pair("SELECT count(*), count(*) FILTER (WHERE n <= 1000000000) FROM (SELECT client_id, count(*) n FROM log GROUP BY ALL)"),
    pair("SELECT count(*), count(*) FILTER (WHERE user_id IN (SELECT user_id FROM roster)) FROM log"),
]))
"""


def duckdb(folder):
    log, roster = folder / "evidence/2026Q3/access_log.csv", folder / "evidence/2026Q3/bench_roster.csv"
    started = time.perf_counter()
    digest = subprocess.Popen(["sha256sum", log], stdout=subprocess.PIPE)
    out = subprocess.run([sys.executable, "-c", DUCKDB, log, roster], check=True, capture_output=True, text=True).stdout
    digest.communicate()
    return time.perf_counter() - started, [tuple(pair) for pair in json.loads(out)]


def hegui(binary, folder):
    command = [binary, "check", "--as-of", "2026-09-30", "--only", "BAK-90", "--report", "none", "--format", "json", folder]
    started = time.perf_counter()
    out = subprocess.run(command, capture_output=True, text=True).stdout
    seconds = time.perf_counter() - started
    checks = json.loads(out)["controls"][0]["checks"]
    return seconds, [(check["population"], check["conforming"]) for check in checks]


def main():
    folder, binary = pathlib.Path(sys.argv[1]), sys.argv[2]
    runs = int(sys.argv[4]) if "--runs" in sys.argv else 5
    duckdb(folder), hegui(binary, folder)  # warm
    ours, theirs = [], []
    for _ in range(runs):
        seconds, mine = hegui(binary, folder)
        ours.append(seconds)
        seconds, other = duckdb(folder)
        theirs.append(seconds)
        if mine != other:
            sys.exit(f"the counts differ:\nhegui  {mine}\nDuckDB {other}")
    print("counts agree:", mine)
    for name, times in [("hegui", ours), ("DuckDB + sha256sum", theirs)]:
        print(f"{name:20} median {statistics.median(times):.2f} s, {min(times):.2f} to {max(times):.2f}")
    ratios = sorted(a / b for a, b in zip(ours, theirs))
    print(f"{'hegui / DuckDB':20} median {statistics.median(ratios):.2f}, {ratios[0]:.2f} to {ratios[-1]:.2f}")


main()
