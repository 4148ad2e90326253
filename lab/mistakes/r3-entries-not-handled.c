/* step: r3
 * wrong: listens and does nothing with the entries
 * met: the case of the heartbeat half copied
 * verdict: fail
 */
r->election_elapsed = 0;
r->lead = m->from;
