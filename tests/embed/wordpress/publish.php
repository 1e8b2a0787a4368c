<?php
// Publish what standard input holds as a post of the user named first, through WordPress's own filters; print its address.
require 'wp-load.php';
wp_set_current_user(get_user_by('login', $argv[1])->ID);
kses_init();
$post = wp_insert_post(wp_slash(['post_title' => 'Nos aides', 'post_status' => 'publish', 'post_content' => stream_get_contents(STDIN)]), true);
if (is_wp_error($post)) {
    fwrite(STDERR, $post->get_error_message());
    exit(1);
}
echo get_permalink($post);
