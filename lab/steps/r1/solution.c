es[i].term = r->term;
es[i].index = li + 1 + i;
