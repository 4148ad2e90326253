/* step: r1
 * wrong: frees the payload that the log is to hold
 * met: "es is a copy, isn't it"
 * verdict: fail
 */
es[i].term = r->term;
es[i].index = li + 1 + i;
free(es[i].buf);
