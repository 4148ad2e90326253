/* step: r4
 * wrong: commits and tells nobody before the next message or heartbeat
 * met: heartbeats hide it
 * verdict: fail
 */
raft_maybe_commit(r);
