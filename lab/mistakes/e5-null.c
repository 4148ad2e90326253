/* step: e5
 * wrong: sends NULL
 * met: a placeholder left in
 * verdict: fail
 */
raft_send(r, NULL);
