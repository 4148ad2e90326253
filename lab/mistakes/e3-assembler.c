/* step: e3
 * wrong: is partly assembler, which no rule about C can look through
 * met: who would like to see what the grader does
 * verdict: tampered
 */
__asm__ volatile("nop");
r->step = raft_step_candidate;
raft_reset(r, r->term + 1);
r->tick = raft_tick_election;
r->vote = r->id;
r->state = RAFT_STATE_CANDIDATE;
