/* step: e5
 * wrong: sends NULL
 * met: a placeholder left in
 * verdict: fail
 * ends: crash
 */
raft_send(r, NULL);
