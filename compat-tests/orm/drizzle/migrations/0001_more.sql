CREATE TABLE `tags` (
	`post` integer NOT NULL,
	`tag` text NOT NULL,
	PRIMARY KEY(`post`, `tag`),
	FOREIGN KEY (`post`) REFERENCES `posts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `posts` ADD `rating` real DEFAULT 1.5;
--> statement-breakpoint
CREATE INDEX `posts_by_title` ON `posts` (`title`,`words`);
