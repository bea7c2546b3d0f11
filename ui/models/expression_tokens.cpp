#include "ui/models/expression_tokens.h"

#include <QObject>

#include <algorithm>
#include <array>

namespace rnnscope::ui {

namespace {

bool isNameStart(QChar c)
{
    return c.isLetter() || c == QLatin1Char('_');
}

bool isNamePart(QChar c)
{
    return isNameStart(c) || c.isDigit() || c == QLatin1Char('.');
}

} // namespace

std::vector<ExpressionToken> expressionTokens(const QString& text)
{
    using Token = ExpressionToken;
    std::vector<Token> tokens;
    for (qsizetype i = 0; i < text.size();) {
        const QChar c = text[i];
        const qsizetype start = i;
        if (c.isSpace()) {
            ++i;
        } else if (c.isDigit() || (c == QLatin1Char('.') && i + 1 < text.size() && text[i + 1].isDigit())) {
            const auto isPart = [&](qsizetype k) {
                const QChar d = text[k];
                const bool exponent = k > start && text[k - 1].toLower() == QLatin1Char('e');
                return d.isDigit() || d == QLatin1Char('.') || d.toLower() == QLatin1Char('e')
                    || (exponent && (d == QLatin1Char('-') || d == QLatin1Char('+')));
            };
            while (i < text.size() && isPart(i))
                ++i;
            tokens.push_back({Token::Type::Number, text.mid(start, i - start), start});
        } else if (isNameStart(c)) {
            while (i < text.size() && isNamePart(text[i]))
                ++i;
            tokens.push_back({Token::Type::Name, text.mid(start, i - start), start});
        } else if (c == QLatin1Char('"') || c == QLatin1Char('\'') || c == QLatin1Char('`')) {
            const auto end = text.indexOf(c, i + 1);
            if (end < 0)
                throw ExpressionMistake {QObject::tr("%1 is not closed").arg(text.mid(start))};
            const auto type = c == QLatin1Char('`') ? Token::Type::Name : Token::Type::Text;
            tokens.push_back({type, text.mid(start + 1, end - start - 1), start});
            i = end + 1;
        } else {
            static const std::array<QString, 8> kTwo {QStringLiteral("<="), QStringLiteral(">="), QStringLiteral("=="),
                                                      QStringLiteral("!="), QStringLiteral("<>"), QStringLiteral("&&"),
                                                      QStringLiteral("||"), QStringLiteral("!~")};
            const auto two = text.mid(i, 2);
            const bool pair = std::find(kTwo.begin(), kTwo.end(), two) != kTwo.end();
            i += pair ? 2 : 1;
            tokens.push_back({Token::Type::Sign, text.mid(start, i - start), start});
        }
    }
    tokens.push_back({Token::Type::End, {}, text.size()});
    return tokens;
}

} // namespace rnnscope::ui
