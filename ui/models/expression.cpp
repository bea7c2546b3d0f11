#include "ui/models/expression.h"

#include "ui/models/expression_tokens.h"

#include <QObject>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace rnnscope::ui {

/// What an expression evaluates to, column by column: each node is a column of numbers, truths being 0 and 1.
struct Expression::Node
{
    using Values = std::vector<double>;
    std::function<Values(std::size_t networks)> values;
    QStringList labels {}; ///< of a column of labels
    QString text {}; ///< of a quoted text
    enum class Kind { Number, Truth, Labels, Text } kind = Kind::Number;
};

namespace {

using Node = Expression::Node;
using Values = Node::Values;
using NodePtr = std::shared_ptr<const Node>;
using Kind = Node::Kind;
using Token = ExpressionToken;
using Wrong = ExpressionMistake;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kDeepest = 100; // parentheses and signs within each other
constexpr qsizetype kLongest = 2000; // characters; a long sum is a deep tree

/// How many single characters make one word of the other.
qsizetype editDistance(const QString& a, const QString& b)
{
    std::vector<qsizetype> row(static_cast<std::size_t>(b.size()) + 1);
    for (std::size_t j = 0; j < row.size(); ++j)
        row[j] = static_cast<qsizetype>(j);
    for (qsizetype i = 0; i < a.size(); ++i) {
        qsizetype diagonal = std::exchange(row[0], i + 1);
        for (qsizetype j = 0; j < b.size(); ++j) {
            const auto at = static_cast<std::size_t>(j) + 1;
            const qsizetype changed = diagonal + (a[i].toLower() == b[j].toLower() ? 0 : 1);
            diagonal = row[at];
            row[at] = std::min({changed, row[at] + 1, row[at - 1] + 1});
        }
    }
    return row.back();
}

class Parser
{
public:
    Parser(const QString& text, const QStringList& names, const Expression::Columns& columns)
        : m_tokens(expressionTokens(text))
        , m_names(names)
        , m_columns(columns)
    {
    }

    NodePtr parse()
    {
        const auto root = either();
        if (peek().type != Token::Type::End)
            throw Wrong {QObject::tr("expected and, or, or the end before %1").arg(shown(peek()))};
        if (root->kind != Kind::Truth)
            throw Wrong {QObject::tr("this is no condition: expected a comparison, e.g. accuracy > 0.9")};
        return root;
    }

private:
    const Token& peek() const { return m_tokens[m_next]; }
    Token take() { return m_tokens[m_tokens[m_next].type == Token::Type::End ? m_next : m_next++]; }
    bool takeSign(const char* sign)
    {
        const bool is = peek().type == Token::Type::Sign && peek().text == QString::fromUtf8(sign);
        m_next += is ? 1 : 0;
        return is;
    }
    bool takeWord(const char* word)
    {
        const bool is
            = peek().type == Token::Type::Name && peek().text.compare(QLatin1String(word), Qt::CaseInsensitive) == 0;
        m_next += is ? 1 : 0;
        return is;
    }
    static QString shown(const Token& token)
    {
        return token.type == Token::Type::End ? QObject::tr("the end") : token.text;
    }

    template <typename Function>
    static NodePtr make(Kind kind, NodePtr a, NodePtr b, Function function)
    {
        return std::make_shared<Node>(Node {.values =
                                                [a = std::move(a), b = std::move(b), function](std::size_t n) {
                                                    Values left = a->values(n);
                                                    const Values right = b->values(n);
                                                    for (std::size_t i = 0; i < n; ++i)
                                                        left[i] = function(left[i], right[i]);
                                                    return left;
                                                },
                                            .kind = kind});
    }
    template <typename Function>
    static NodePtr make(Kind kind, NodePtr a, Function function)
    {
        return std::make_shared<Node>(Node {.values =
                                                [a = std::move(a), function](std::size_t n) {
                                                    Values values = a->values(n);
                                                    for (double& value : values)
                                                        value = function(value);
                                                    return values;
                                                },
                                            .kind = kind});
    }
    static NodePtr constant(double number)
    {
        return std::make_shared<Node>(Node {.values = [number](std::size_t n) { return Values(n, number); }});
    }
    static NodePtr expect(Kind kind, NodePtr node, const QString& where)
    {
        if (node->kind == kind)
            return node;
        throw Wrong {kind == Kind::Truth ? QObject::tr("expected a comparison %1").arg(where)
                                         : QObject::tr("expected a number %1").arg(where)};
    }

    NodePtr either()
    {
        auto left = both();
        while (takeWord("or") || takeSign("||")) {
            left = expect(Kind::Truth, left, QObject::tr("before or"));
            left = make(Kind::Truth, left, expect(Kind::Truth, both(), QObject::tr("after or")),
                        [](double a, double b) { return a != 0.0 || b != 0.0 ? 1.0 : 0.0; });
        }
        return left;
    }
    NodePtr both()
    {
        auto left = negation();
        while (takeWord("and") || takeSign("&&")) {
            left = expect(Kind::Truth, left, QObject::tr("before and"));
            left = make(Kind::Truth, left, expect(Kind::Truth, negation(), QObject::tr("after and")),
                        [](double a, double b) { return a != 0.0 && b != 0.0 ? 1.0 : 0.0; });
        }
        return left;
    }
    NodePtr negation()
    {
        const Deeper deeper(*this);
        if (takeWord("not") || takeSign("!"))
            return make(Kind::Truth, expect(Kind::Truth, negation(), QObject::tr("after not")),
                        [](double a) { return a == 0.0 ? 1.0 : 0.0; });
        return comparison();
    }

    NodePtr comparison()
    {
        auto left = sum();
        NodePtr all;
        for (;;) {
            const auto sign = peek().type == Token::Type::Sign ? peek().text : QString();
            static const QStringList kSigns {"<", "<=", ">", ">=", "=", "==", "!=", "<>", "~", "!~"};
            if (!kSigns.contains(sign))
                break;
            take();
            const auto right = sum();
            const auto one = compared(left, sign, right);
            all = all ? make(Kind::Truth, all, one, [](double a, double b) { return a * b; }) : one;
            left = right;
        }
        return all ? all : left;
    }

    static NodePtr compared(const NodePtr& left, const QString& sign, const NodePtr& right)
    {
        if (left->kind == Kind::Text || right->kind == Kind::Text) {
            const auto& column = left->kind == Kind::Text ? right : left;
            const auto& text = left->kind == Kind::Text ? left->text : right->text;
            return comparedLabels(column, sign, text);
        }
        if (left->kind == Kind::Truth || right->kind == Kind::Truth)
            throw Wrong {QObject::tr("expected a number beside %1, found a comparison").arg(sign)};
        const auto number = [&](auto holds) {
            return make(Kind::Truth, left, right, [holds](double a, double b) {
                return !std::isnan(a) && !std::isnan(b) && holds(a, b) ? 1.0 : 0.0;
            });
        };
        if (sign == QLatin1String("<"))
            return number([](double a, double b) { return a < b; });
        if (sign == QLatin1String("<="))
            return number([](double a, double b) { return a <= b; });
        if (sign == QLatin1String(">"))
            return number([](double a, double b) { return a > b; });
        if (sign == QLatin1String(">="))
            return number([](double a, double b) { return a >= b; });
        if (sign.contains(QLatin1Char('~')))
            throw Wrong {QObject::tr("%1 compares labels with a text in quotes").arg(sign)};
        constexpr double kClose = 1e-9; // relative: 0.1 + 0.2 == 0.3
        const auto same
            = [](double a, double b) { return std::abs(a - b) <= kClose * std::max(std::abs(a), std::abs(b)); };
        if (sign == QLatin1String("!=") || sign == QLatin1String("<>"))
            return number([same](double a, double b) { return !same(a, b); });
        return number(same);
    }

    static NodePtr comparedLabels(const NodePtr& column, const QString& sign, const QString& text)
    {
        if (column->kind != Kind::Labels)
            throw Wrong {QObject::tr("\"%1\" is a text, and what it is compared with has none").arg(text)};
        const bool contains = sign.contains(QLatin1Char('~'));
        const bool equals = sign == QLatin1String("=") || sign == QLatin1String("==");
        const bool differs = sign == QLatin1String("!=") || sign == QLatin1String("<>");
        if (!contains && !equals && !differs)
            throw Wrong {QObject::tr("texts are compared with ==, != or ~, not with %1").arg(sign)};
        std::vector<double> truth;
        for (const auto& label : column->labels) {
            const bool found
                = contains ? label.contains(text, Qt::CaseInsensitive) : label.compare(text, Qt::CaseInsensitive) == 0;
            truth.push_back(found == (equals || sign == QLatin1String("~")) ? 1.0 : 0.0);
        }
        return make(Kind::Truth, column, [truth](double index) {
            return index >= 0.0 && index < static_cast<double>(truth.size()) ? truth[static_cast<std::size_t>(index)]
                                                                             : 0.0;
        });
    }

    NodePtr sum()
    {
        auto left = product();
        for (;;) {
            const bool plus = takeSign("+");
            if (!plus && !takeSign("-") && !takeSign("\u2212"))
                return left;
            left = numeric(left);
            const auto right = numeric(product());
            left = plus ? make(Kind::Number, left, right, std::plus<>())
                        : make(Kind::Number, left, right, std::minus<>());
        }
    }
    NodePtr product()
    {
        auto left = factor();
        for (;;) {
            const bool times = takeSign("*");
            if (!times && !takeSign("/"))
                return left;
            left = numeric(left);
            const auto right = numeric(factor());
            left = times ? make(Kind::Number, left, right, std::multiplies<>())
                         : make(Kind::Number, left, right, std::divides<>());
        }
    }
    static NodePtr numeric(NodePtr node)
    {
        return node->kind == Kind::Labels ? node
                                          : expect(Kind::Number, std::move(node), QObject::tr("to calculate with"));
    }

    NodePtr factor()
    {
        const Deeper deeper(*this);
        if (takeSign("-") || takeSign("\u2212"))
            return make(Kind::Number, numeric(factor()), std::negate<>());
        if (takeSign("(")) {
            auto inner = either();
            if (!takeSign(")"))
                throw Wrong {QObject::tr("expected ) before %1").arg(shown(peek()))};
            return inner;
        }
        const auto token = take();
        switch (token.type) {
        case Token::Type::Number: {
            bool fine = false;
            const double number = token.text.toDouble(&fine);
            if (!fine)
                throw Wrong {QObject::tr("%1 is no number").arg(token.text)};
            return constant(number);
        }
        case Token::Type::Text:
            return std::make_shared<Node>(
                Node {.values = [](std::size_t n) { return Values(n, kNaN); }, .text = token.text, .kind = Kind::Text});
        case Token::Type::Name:
            return peek().type == Token::Type::Sign && peek().text == QLatin1String("(") ? call(token) : field(token);
        default:
            throw Wrong {QObject::tr("expected a name or a number, found %1").arg(shown(token))};
        }
    }

    NodePtr call(const Token& token)
    {
        const auto name = token.text.toLower();
        takeSign("(");
        auto inner = numeric(either());
        if (!takeSign(")"))
            throw Wrong {QObject::tr("expected ) before %1").arg(shown(peek()))};
        if (name == QLatin1String("abs"))
            return make(Kind::Number, inner, [](double x) { return std::abs(x); });
        if (name == QLatin1String("log10"))
            return make(Kind::Number, inner, [](double x) { return std::log10(x); });
        if (name == QLatin1String("sqrt"))
            return make(Kind::Number, inner, [](double x) { return std::sqrt(x); });
        throw Wrong {QObject::tr("there is no function %1: expected abs, log10 or sqrt").arg(token.text)};
    }

    NodePtr field(const Token& token)
    {
        const auto known = std::find_if(m_names.begin(), m_names.end(), [&](const QString& name) {
            return name.compare(token.text, Qt::CaseInsensitive) == 0;
        });
        auto column = known != m_names.end() ? m_columns(*known) : std::nullopt;
        if (!column)
            throw Wrong {unknown(token.text)};
        const bool labels = !column->labels.isEmpty();
        return std::make_shared<Node>(Node {.values =
                                                [values = std::move(column->values)](std::size_t n) {
                                                    Values all = values;
                                                    all.resize(n, kNaN);
                                                    return all;
                                                },
                                            .labels = column->labels,
                                            .kind = labels ? Kind::Labels : Kind::Number});
    }

    QString unknown(const QString& name) const
    {
        const auto nearest = std::min_element(m_names.begin(), m_names.end(), [&](const QString& a, const QString& b) {
            return editDistance(a, name) < editDistance(b, name);
        });
        auto message = QObject::tr("nothing is called %1").arg(name);
        if (nearest != m_names.end() && editDistance(*nearest, name) <= std::max<qsizetype>(2, name.size() / 3))
            message += QObject::tr(", did you mean %1?").arg(*nearest);
        return message;
    }

    /// Refuses what would need too much of the stack.
    class Deeper
    {
    public:
        explicit Deeper(Parser& parser)
            : m_parser(parser)
        {
            if (++m_parser.m_depth > kDeepest)
                throw Wrong {QObject::tr("too many parentheses and signs within each other")};
        }
        ~Deeper() { --m_parser.m_depth; }
        Deeper(const Deeper&) = delete;
        Deeper& operator=(const Deeper&) = delete;

    private:
        Parser& m_parser;
    };

    std::vector<Token> m_tokens;
    const QStringList& m_names;
    const Expression::Columns& m_columns;
    std::size_t m_next = 0;
    int m_depth = 0;
};

} // namespace

Expression::Expression(std::shared_ptr<const Node> root)
    : m_root(std::move(root))
{
}

Result<Expression> Expression::parse(const QString& text, const QStringList& names, const Columns& columns)
{
    if (text.size() > kLongest)
        return fail(Errc::BadValue, fmt::format("the expression is longer than {} characters", kLongest));
    try {
        return Expression(Parser(text, names, columns).parse());
    } catch (const Wrong& wrong) {
        return fail(Errc::BadValue, wrong.message.toStdString());
    }
}

std::vector<std::uint8_t> Expression::holds(std::size_t networks) const
{
    const auto truths = m_root->values(networks);
    std::vector<std::uint8_t> holds(networks);
    std::transform(truths.begin(), truths.end(), holds.begin(), [](double truth) { return truth != 0.0 ? 1 : 0; });
    return holds;
}

} // namespace rnnscope::ui
