/* step: r1
 * wrong: numbers the batch, not the log
 * met: right for the first batch only
 * verdict: fail
 */
es[i].term = r->term;
es[i].index = i + 1;
