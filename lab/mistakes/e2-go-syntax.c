/* step: e2
 * wrong: is Go
 * met: copied from the original's tickElection()
 * verdict: compile-error
 */
r.electionElapsed = 0
r.Step(pb.Message{From: r.id, Type: pb.MsgHup})
