<?php

declare(strict_types=1);

namespace Shop\Text;

/** Turns headings into the last part of an address. */
final class Slugs
{
    private const WORDS = ['and' => '&', 'at' => '@'];

    public static function of(string $heading): string
    {
        $text = mb_strtolower(trim($heading));
        foreach (self::WORDS as $word => $sign) {
            $text = str_replace($sign, " $word ", $text);
        }
        $text = preg_replace('/[^a-z0-9]+/u', '-', $text);
        return trim((string) $text, '-');
    }

    /** @param string[] $taken */
    public static function unique(string $heading, array $taken): string
    {
        $slug = self::of($heading);
        for ($n = 2, $name = $slug; in_array($name, $taken, true); $n++) {
            $name = "$slug-$n";
        }
        return $name;
    }

    public static function shorten(string $slug, int $length = 40): string
    {
        if (strlen($slug) <= $length) {
            return $slug;
        }
        $cut = strrpos(substr($slug, 0, $length), '-');
        return substr($slug, 0, $cut === false ? $length : $cut);
    }
}
