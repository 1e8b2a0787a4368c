/**
 * What every page carries, as one file: the copies for when there is no network, the tables that scroll.
 */
import "./offline.mjs";
import "./wide.mjs";
