#pragma once

#include <array>
#include <cstddef>
#include <numeric>
#include <stdexcept>

namespace geometry {

/// A square matrix whose size is known when it is compiled.
template <typename Number, std::size_t Size>
class Matrix {
public:
    static Matrix identity()
    {
        Matrix result;
        for (std::size_t row = 0; row < Size; ++row)
            result.at(row, row) = Number{1};
        return result;
    }

    Number &at(std::size_t row, std::size_t column)
    {
        if (row >= Size || column >= Size)
            throw std::out_of_range("no such cell");
        return cells_.at(row).at(column);
    }

    Number trace() const
    {
        Number sum{};
        for (std::size_t row = 0; row < Size; ++row)
            sum += cells_.at(row).at(row);
        return sum;
    }

    bool operator==(const Matrix &other) const { return cells_ == other.cells_; }

private:
    std::array<std::array<Number, Size>, Size> cells_{};
};

using Rotation = Matrix<double, 3>;

}  // namespace geometry
