/**
 * What a page with a quick exit carries, as one file.
 */
import "./exit.mjs";
import "./offline.mjs";
import "./wide.mjs";
