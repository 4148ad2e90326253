r->election_elapsed++;
