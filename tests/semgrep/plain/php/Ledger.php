<?php

declare(strict_types=1);

namespace Shop\Accounting;

use DateTimeImmutable;
use InvalidArgumentException;

/**
 * Entries of an account, in the order in which they were made.
 */
final class Ledger
{
    /** @var Entry[] */
    private array $entries = [];

    public function __construct(private readonly string $account, private int $balance = 0)
    {
    }

    public function add(DateTimeImmutable $day, int $amount, string $purpose): void
    {
        if ($amount === 0) {
            throw new InvalidArgumentException('An entry moves money.');
        }
        $this->entries[] = new Entry($day, $amount, $purpose);
        $this->balance += $amount;
    }

    public function balance(): int
    {
        return $this->balance;
    }

    /** @return array<string, int> sums by month */
    public function byMonth(): array
    {
        $sums = [];
        foreach ($this->entries as $entry) {
            $month = $entry->day->format('Y-m');
            $sums[$month] = ($sums[$month] ?? 0) + $entry->amount;
        }
        ksort($sums);
        return $sums;
    }

    public function title(): string
    {
        return sprintf('%s (%d)', ucfirst($this->account), count($this->entries));
    }
}
