#pragma once

#include <QString>

#include <vector>

namespace rnnscope::ui {

struct ExpressionToken
{
    enum class Type { Number, Name, Text, Sign, End } type = Type::End;
    QString text; ///< without quotes
    qsizetype at = 0; ///< in the expression
};

/// Thrown, with one sentence.
struct ExpressionMistake
{
    QString message;
};

/// The words and signs of an expression (expression.h); the last one is the end.
std::vector<ExpressionToken> expressionTokens(const QString& text);

} // namespace rnnscope::ui
