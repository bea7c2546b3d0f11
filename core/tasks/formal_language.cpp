#include "core/tasks/formal_language.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace rnnscope::tasks {

namespace {

constexpr int kAlphabet = 26;
constexpr double kLargestDifference = 1e6;

bool startsWith(std::span<const int> sequence, int token)
{
    return !sequence.empty() && sequence.front() == token;
}

/// Nothing but a leading begin and letters in ascending order.
bool inOrder(const FormalLanguage& language, std::span<const int> word)
{
    if (startsWith(word, language.begin()))
        word = word.subspan(1);
    return std::is_sorted(word.begin(), word.end())
        && std::all_of(word.begin(), word.end(), [&](int t) { return t >= 0 && t < language.letters(); });
}

bool hasTheCounts(const FormalLanguage& language, std::span<const int> word)
{
    if (language.differences.empty())
        return false;
    const auto count = [&](int token) { return static_cast<long>(std::count(word.begin(), word.end(), token)); };
    const long first = count(0);
    for (int token = 1; token < language.letters(); ++token)
        if (count(token) - first != language.differences[static_cast<std::size_t>(token)])
            return false;
    return language.differences.front() == 0;
}

std::string exponentText(int difference)
{
    if (difference == 0)
        return "n";
    return fmt::format("n{}{}", difference < 0 ? "\u2212" : "+", std::abs(difference));
}

} // namespace

int FormalLanguage::smallestN() const
{
    int smallest = 0;
    for (const int difference : differences)
        smallest = std::max(smallest, -difference);
    return smallest;
}

std::vector<int> validSequence(const FormalLanguage& language, int n, std::size_t length)
{
    std::vector<int> sequence {language.begin()};
    for (int token = 0; token < language.letters() && sequence.size() < length; ++token) {
        const int count = std::max(0, n + language.differences[static_cast<std::size_t>(token)]);
        sequence.insert(sequence.end(), std::min(static_cast<std::size_t>(count), length), token);
    }
    sequence.resize(length, language.end());
    return sequence;
}

Acceptance accept(const FormalLanguage& language, std::span<const int> sequence)
{
    const auto end = std::find(sequence.begin(), sequence.end(), language.end());
    if (end == sequence.end())
        return {.correct = false, .undefined = true, .ordered = false};
    const auto word = sequence.first(static_cast<std::size_t>(end - sequence.begin()));
    const bool correct = hasTheCounts(language, word);
    return {.correct = correct, .undefined = false, .ordered = correct && inOrder(language, word)};
}

void markUndefined(const FormalLanguage& language, std::span<int> sequence)
{
    if (!sequence.empty() && accept(language, sequence).undefined)
        sequence.front() = language.end();
}

void restoreBegin(const FormalLanguage& language, std::span<int> sequence)
{
    if (startsWith(sequence, language.end()))
        sequence.front() = language.begin();
}

std::vector<int> differencesOf(const zoo::Property& task, std::size_t row)
{
    std::vector<int> differences;
    for (std::size_t k = 0; k < task.columns; ++k) {
        const double value = task.value(row, k);
        if (!(std::abs(value) <= kLargestDifference) || value != std::floor(value))
            return {};
        differences.push_back(static_cast<int>(value));
    }
    return differences;
}

double entropyCriterion(std::span<const int> differences)
{
    std::vector<int> sorted(differences.begin(), differences.end());
    std::sort(sorted.begin(), sorted.end());
    double sum = 0.0;
    for (const int m : sorted)
        sum += 1.0 + m - sorted.front();
    double entropy = 0.0;
    for (const int m : sorted) {
        const double p = (1.0 + m - sorted.front()) / sum;
        entropy -= p * std::log(p + 1e-6);
    }
    return entropy;
}

std::string tokenText(int token, int letters)
{
    if (token >= 0 && token < std::min(letters, kAlphabet))
        return {static_cast<char>('a' + token)};
    if (token == letters)
        return "⊢";
    return token == letters + 1 ? "⊣" : "?";
}

std::string stringText(std::span<const int> sequence, int letters)
{
    const int end = letters + 1;
    if (startsWith(sequence, letters) || startsWith(sequence, end))
        sequence = sequence.subspan(1);
    std::string text;
    for (const int token : sequence) {
        text += tokenText(token, letters);
        if (token == end)
            break;
    }
    return text;
}

std::vector<TaskPiece> taskPieces(std::span<const int> differences)
{
    std::vector<TaskPiece> pieces;
    for (std::size_t i = 0; i < differences.size(); ++i)
        pieces.push_back(
            {tokenText(static_cast<int>(i), static_cast<int>(differences.size())), exponentText(differences[i])});
    return pieces;
}

std::string taskText(std::span<const int> differences)
{
    std::string text;
    for (const auto& [letter, exponent] : taskPieces(differences)) {
        text += text.empty() ? "" : " ";
        text += letter + "^" + (exponent == "n" ? exponent : "(" + exponent + ")");
    }
    return text;
}

} // namespace rnnscope::tasks
