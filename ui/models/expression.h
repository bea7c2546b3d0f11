#pragma once

#include "core/base/result.h"

#include <QString>
#include <QStringList>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace rnnscope::ui {

/// A condition on networks as text:
///
///     accuracy > 0.9 and step == 20000
///     not (split == "held out") or 0.2 < predicted.accuracy - accuracy
///     file ~ "lstm"                                            labels that contain the text, in any case
///
/// Numbers, names of fields, "text", + - * / and parentheses; < <= > >= == != also in chains; and, or, not; functions
/// abs, log10, sqrt. Names with other characters than letters, digits, _ and . stand in backticks. Whatever is unknown
/// of a network makes a comparison with it false.
class Expression
{
public:
    /// A column of numbers, or of labels by their index.
    struct Column
    {
        std::vector<double> values; ///< [N]
        QStringList labels; ///< empty: numbers
    };
    using Columns = std::function<std::optional<Column>(const QString& name)>;

    /// BadValue with one sentence that says what was expected where. `names` are what can be asked for, in any case.
    static Result<Expression> parse(const QString& text, const QStringList& names, const Columns& columns);

    /// [N] 1: the condition holds.
    std::vector<std::uint8_t> holds(std::size_t networks) const;

    struct Node;

private:
    explicit Expression(std::shared_ptr<const Node> root);
    std::shared_ptr<const Node> m_root;
};

} // namespace rnnscope::ui
