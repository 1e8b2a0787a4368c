<?php
// Install WordPress as its own page of installation does, with one administrator and one author.
$database = new mysqli(null, 'root', '', '', 0, getenv('WORDPRESS_SOCKET'));
$database->query('create database wordpress character set utf8mb4');
define('WP_INSTALLING', true);
require 'wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
add_filter('pre_wp_mail', '__return_true');
wp_install('Une caisse', 'administrator', 'administrator@caisse.example', false, '', getenv('WORDPRESS_PASSWORD'));
$author = wp_insert_user(['user_login' => 'author', 'user_pass' => getenv('WORDPRESS_PASSWORD'), 'user_email' => 'author@caisse.example', 'role' => 'author']);
// The editor greets a newcomer with a window over the page.
foreach ([1, $author] as $user) {
    update_user_meta($user, 'wp_persisted_preferences', ['core/edit-post' => ['welcomeGuide' => false], '_modified' => gmdate('c')]);
}
