<?php
// What WordPress keeps of an author's text, then shows of it. Its own code, from Debian, without its database.
define('ABSPATH', "$argv[1]/");
define('WPINC', 'wp-includes');
define('WP_CONTENT_DIR', ABSPATH . 'wp-content');
foreach (['version', 'load', 'plugin', 'functions', 'compat', 'l10n', 'option', 'kses', 'formatting'] as $part) {
    require_once ABSPATH . "wp-includes/$part.php";
}
echo wpautop(wp_kses_post(stream_get_contents(STDIN)));
