/* step: e1
 * right: prints, which is nobody's concern
 */
printf("tick of %llu: %d -> ", r->id, r->election_elapsed);
r->election_elapsed++;
printf("%d\n", r->election_elapsed);
fprintf(stderr, "timeout is %d\n", r->randomized_election_timeout);
