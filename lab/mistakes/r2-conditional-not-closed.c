/* step: r2
 * wrong: an #if without its #endif
 * met: code switched off for a try
 * verdict: compile-error
 */
#if 1
raft_bcast_append(r);
